output "id" {
  description = "The function's id."
  value       = google_cloudfunctions2_function.this.id
}

output "name" {
  description = "The name of the function and of the service below it."
  value       = google_cloudfunctions2_function.this.name
}

output "timeout" {
  description = "Seconds after which a request is ended."
  value       = var.timeout
}

output "url" {
  description = "The service's own address, which identity tokens are made out to."
  value       = google_cloudfunctions2_function.this.service_config[0].uri
}
