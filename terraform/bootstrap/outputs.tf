output "accounts" {
  description = "The accounts that check and deploy; prod's `promoted_by` is staging's deployer."
  value       = { for name, one in google_service_account.this : name => one.email }
}

output "builders" {
  description = "Where the image of the build steps goes."
  value       = "${google_artifact_registry_repository.builders.location}-docker.pkg.dev/${var.project_id}/${google_artifact_registry_repository.builders.name}"
}

output "sources_bucket" {
  description = "Where the zips go."
  value       = google_storage_bucket.sources.name
}
