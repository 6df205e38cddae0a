# Names and certificates. A merchant's own domain gets its certificate and its entry in the map when it is connected, not here.

resource "google_dns_managed_zone" "stores" {
  name        = "stores"
  dns_name    = "${var.store_domain}."
  description = "The stores' own addresses"

  dnssec_config {
    state = "on"
  }

  lifecycle {
    prevent_destroy = true
  }

  depends_on = [google_project_service.this]
}

resource "google_dns_record_set" "stores" {
  for_each = {
    "apex A"        = { name = "${var.store_domain}.", type = "A", address = "v4" }
    "apex AAAA"     = { name = "${var.store_domain}.", type = "AAAA", address = "v6" }
    "wildcard A"    = { name = "*.${var.store_domain}.", type = "A", address = "v4" }
    "wildcard AAAA" = { name = "*.${var.store_domain}.", type = "AAAA", address = "v6" }
  }

  managed_zone = google_dns_managed_zone.stores.name
  name         = each.value.name
  type         = each.value.type
  ttl          = 300
  rrdatas      = [google_compute_global_address.this[each.value.address].address]
}

# Google's proof that the domain is ours: a record that stays, as each renewal asks for it.
resource "google_certificate_manager_dns_authorization" "this" {
  for_each = { dashboard = var.dashboard_host, stores = var.store_domain }

  name   = each.key
  domain = each.value

  depends_on = [google_project_service.this]
}

resource "google_dns_record_set" "authorization" {
  managed_zone = google_dns_managed_zone.stores.name
  name         = google_certificate_manager_dns_authorization.this["stores"].dns_resource_record[0].name
  type         = google_certificate_manager_dns_authorization.this["stores"].dns_resource_record[0].type
  ttl          = 300
  rrdatas      = [google_certificate_manager_dns_authorization.this["stores"].dns_resource_record[0].data]
}

resource "google_certificate_manager_certificate" "this" {
  for_each = {
    dashboard = [var.dashboard_host]
    # A wildcard covers one label: every store, and every host of a preview.
    stores = [var.store_domain, "*.${var.store_domain}"]
  }

  name = each.key

  managed {
    domains            = each.value
    dns_authorizations = [google_certificate_manager_dns_authorization.this[each.key].id]
  }
}

resource "google_certificate_manager_certificate_map" "this" {
  name = "front-door"

  depends_on = [google_project_service.this]
}

# What is shown to a host that no other entry names.
resource "google_certificate_manager_certificate_map_entry" "primary" {
  name         = "primary"
  map          = google_certificate_manager_certificate_map.this.name
  certificates = [google_certificate_manager_certificate.this["stores"].id]
  matcher      = "PRIMARY"
}

resource "google_certificate_manager_certificate_map_entry" "host" {
  for_each = {
    dashboard       = { hostname = var.dashboard_host, certificate = "dashboard" }
    stores          = { hostname = var.store_domain, certificate = "stores" }
    stores-wildcard = { hostname = "*.${var.store_domain}", certificate = "stores" }
  }

  name         = each.key
  map          = google_certificate_manager_certificate_map.this.name
  certificates = [google_certificate_manager_certificate.this[each.value.certificate].id]
  hostname     = each.value.hostname
}
