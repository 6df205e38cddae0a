# The portal: files in a bucket behind the load balancer, under a policy that allows what it needs and nothing else.

locals {
  stores = "https://*.${var.store_domain}"

  # As local/portal.py, with Firebase's addresses beside our own. A test compares them.
  content_policy = {
    default-src     = ["'none'"]
    script-src      = concat(["'self'"], var.google_sign_in ? ["https://apis.google.com"] : [])
    style-src       = ["'self'"]
    img-src         = ["'self'", "data:", local.stores]
    connect-src     = ["'self'", "https://firestore.googleapis.com", "https://identitytoolkit.googleapis.com", "https://securetoken.googleapis.com"]
    font-src        = ["'self'"]
    manifest-src    = ["'self'"]
    frame-src       = concat([local.stores], var.google_sign_in ? ["https://${var.portal_firebase.auth_domain}"] : [])
    base-uri        = ["'none'"]
    form-action     = ["'self'"]
    frame-ancestors = ["'none'"]
  }
}

resource "google_compute_backend_bucket" "portal" {
  name             = "portal"
  bucket_name      = google_storage_bucket.portal.name
  enable_cdn       = true
  compression_mode = "AUTOMATIC"

  cdn_policy {
    # `no-cache` and `immutable` are set on each file when it is uploaded.
    cache_mode       = "USE_ORIGIN_HEADERS"
    negative_caching = false
  }

  custom_response_headers = [
    "Content-Security-Policy: ${join("; ", [for name, values in local.content_policy : "${name} ${join(" ", values)}"])}",
    "Cross-Origin-Opener-Policy: same-origin-allow-popups",
    "Permissions-Policy: camera=(), geolocation=(), microphone=()",
    "Referrer-Policy: strict-origin-when-cross-origin",
    "Strict-Transport-Security: max-age=63072000; includeSubDomains",
    "X-Content-Type-Options: nosniff",
    "X-Robots-Tag: noindex, nofollow",
  ]
}

# One build serves every environment: this tells it where it is.
resource "google_storage_bucket_object" "portal_config" {
  bucket        = google_storage_bucket.portal.name
  name          = "config.json"
  content_type  = "application/json"
  cache_control = "no-store"

  content = jsonencode({
    runtime            = "google"
    api                = "/api/provisioning"
    data               = "firestore"
    sign_in            = "firebase"
    store_domain       = var.store_domain
    firestore_emulator = null
    faults             = false
    firebase = {
      apiKey     = var.portal_firebase.api_key
      appId      = var.portal_firebase.app_id
      authDomain = var.portal_firebase.auth_domain
      projectId  = var.project_id
      google     = var.google_sign_in
    }
  })
}

# Admins sign in by a link that is mailed to them; owners by ours. Nobody has a password.
resource "google_identity_platform_config" "this" {
  authorized_domains = [var.dashboard_host, var.portal_firebase.auth_domain]

  sign_in {
    allow_duplicate_emails = false

    email {
      enabled           = true
      password_required = false
    }
  }

  client {
    permissions {
      # Accounts are made by the platform, and only by it.
      disabled_user_signup   = true
      disabled_user_deletion = true
    }
  }

  depends_on = [google_project_service.this]
}
