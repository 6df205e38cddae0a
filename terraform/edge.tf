# What the world reaches: one load balancer. The dashboard's host leads to the portal, the owners' pages and the API; every other host is a
# store's, and `storefront` knows which.

resource "google_compute_global_address" "this" {
  for_each = { v4 = "IPV4", v6 = "IPV6" }

  name       = "front-door-${each.key}"
  ip_version = each.value

  depends_on = [google_project_service.this]
}

resource "google_compute_region_network_endpoint_group" "function" {
  for_each = { for name, one in local.functions : name => one if one.public }

  name                  = each.key
  region                = var.region
  network_endpoint_type = "SERVERLESS"

  cloud_run {
    service = module.function[each.key].name
  }
}

resource "google_compute_backend_service" "storefront" {
  name                  = "storefront"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  protocol              = "HTTPS"
  enable_cdn            = true
  security_policy       = google_compute_security_policy.this["storefront"].id
  # It comes compressed.
  compression_mode = "DISABLED"

  backend {
    group = google_compute_region_network_endpoint_group.function["storefront"].id
  }

  cdn_policy {
    # What may be kept, and how long, is said by the storefront: docs/storefront.md.
    cache_mode       = "USE_ORIGIN_HEADERS"
    negative_caching = false

    cache_key_policy {
      # One load balancer for all stores: without the host one would be shown another's pages.
      include_host         = true
      include_protocol     = true
      include_query_string = true
    }
  }

  log_config {
    enable      = true
    sample_rate = 0.1
  }
}

resource "google_compute_backend_service" "status" {
  name                  = "status"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  protocol              = "HTTPS"
  security_policy       = google_compute_security_policy.this["status"].id
  compression_mode      = "DISABLED"

  backend {
    group = google_compute_region_network_endpoint_group.function["status"].id
  }

  log_config {
    enable      = true
    sample_rate = 1
  }
}

resource "google_compute_url_map" "this" {
  name            = "front-door"
  default_service = google_compute_backend_service.storefront.id

  host_rule {
    hosts        = [var.dashboard_host]
    path_matcher = "dashboard"
  }

  path_matcher {
    name            = "dashboard"
    default_service = google_compute_backend_bucket.portal.id

    # The same paths as off the cloud: `_NOT_THE_PORTALS` in local/portal.py. A test compares them.
    path_rule {
      paths   = local.status_paths
      service = google_compute_backend_service.status.id
    }

    # Files of the build exist or do not.
    path_rule {
      paths   = ["/assets/*", "/config.json", "/favicon.svg", "/robots.txt"]
      service = google_compute_backend_bucket.portal.id
    }

    # Every other address is one of the portal's own pages.
    path_rule {
      paths   = ["/*"]
      service = google_compute_backend_bucket.portal.id

      custom_error_response_policy {
        error_service = google_compute_backend_bucket.portal.id

        error_response_rule {
          match_response_codes   = ["404"]
          path                   = "/index.html"
          override_response_code = 200
        }
      }
    }
  }
}

locals {
  status_paths = ["/api/*", "/provision/*", "/welcome", "/welcome/*", "/dashboard", "/dashboard/*", "/healthz"]
}

resource "google_compute_ssl_policy" "this" {
  name            = "front-door"
  profile         = "MODERN"
  min_tls_version = "TLS_1_2"

  depends_on = [google_project_service.this]
}

resource "google_compute_target_https_proxy" "this" {
  name            = "front-door"
  url_map         = google_compute_url_map.this.id
  certificate_map = "//certificatemanager.googleapis.com/${google_certificate_manager_certificate_map.this.id}"
  ssl_policy      = google_compute_ssl_policy.this.id
  quic_override   = "ENABLE"
}

resource "google_compute_global_forwarding_rule" "https" {
  for_each = google_compute_global_address.this

  name                  = "front-door-https-${each.key}"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  ip_address            = each.value.id
  port_range            = "443"
  target                = google_compute_target_https_proxy.this.id
}

resource "google_compute_url_map" "to_https" {
  name = "front-door-to-https"

  default_url_redirect {
    https_redirect         = true
    redirect_response_code = "MOVED_PERMANENTLY_DEFAULT"
    strip_query            = false
  }

  depends_on = [google_project_service.this]
}

resource "google_compute_target_http_proxy" "to_https" {
  name    = "front-door-to-https"
  url_map = google_compute_url_map.to_https.id
}

resource "google_compute_global_forwarding_rule" "http" {
  for_each = google_compute_global_address.this

  name                  = "front-door-http-${each.key}"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  ip_address            = each.value.id
  port_range            = "80"
  target                = google_compute_target_http_proxy.to_https.id
}

# --- What is turned away -----------------------------------------------------------------------------------

locals {
  # Before each function that is public: requests of one address in a minute, and whether Google learns what its visitors are like.
  protected = {
    status     = { what = "The admin API and the owners' pages", most_requests = 600, adaptive = false }
    storefront = { what = "The stores", most_requests = 3000, adaptive = true }
  }
}

resource "google_compute_security_policy" "this" {
  for_each = local.protected

  name        = each.key
  description = each.value.what

  dynamic "adaptive_protection_config" {
    for_each = each.value.adaptive ? [true] : []

    content {
      layer_7_ddos_defense_config {
        enable = true
      }
    }
  }

  rule {
    action      = "deny(403)"
    priority    = 100
    description = "Attempts at known holes in logging libraries"

    match {
      expr {
        expression = "evaluatePreconfiguredWaf('cve-canary', {'sensitivity': 1})"
      }
    }
  }

  rule {
    action      = "throttle"
    priority    = 1000
    description = "One address asks no more than this"

    match {
      versioned_expr = "SRC_IPS_V1"

      config {
        src_ip_ranges = ["*"]
      }
    }

    rate_limit_options {
      conform_action = "allow"
      exceed_action  = "deny(429)"
      enforce_on_key = "IP"

      rate_limit_threshold {
        count        = each.value.most_requests
        interval_sec = 60
      }
    }
  }

  rule {
    action      = "allow"
    priority    = 2147483647
    description = "Everything else"

    match {
      versioned_expr = "SRC_IPS_V1"

      config {
        src_ip_ranges = ["*"]
      }
    }
  }

  depends_on = [google_project_service.this]
}
