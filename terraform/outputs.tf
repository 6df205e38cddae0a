output "addresses" {
  description = "The load balancer's addresses: what the dashboard's host must lead to, A and AAAA."
  value       = { for name, one in google_compute_global_address.this : name => one.address }
}

output "dashboard_authorization" {
  description = "The record that lets Google make the dashboard's certificate; to be made where that domain's names are kept."
  value       = google_certificate_manager_dns_authorization.this["dashboard"].dns_resource_record
}

output "name_servers" {
  description = "What the store domain must be delegated to."
  value       = google_dns_managed_zone.stores.name_servers
}

output "portal_bucket" {
  description = "Where the portal's build goes."
  value       = google_storage_bucket.portal.name
}

output "settings" {
  description = "The functions' settings but for the secrets: with them the command `provisioning` works on this environment."
  value       = local.settings
}

output "urls" {
  description = "The functions' own addresses; none answers anybody but its caller and the load balancer."
  value       = { for name, one in module.function : name => one.url }
}
