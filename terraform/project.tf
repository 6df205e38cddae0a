# The APIs that the platform uses. Those that Terraform itself needs before it can begin are switched on by bootstrap/.

data "google_project" "this" {}

locals {
  apis = toset([
    "artifactregistry.googleapis.com",
    "billingbudgets.googleapis.com",
    "certificatemanager.googleapis.com",
    "cloudbuild.googleapis.com",
    "cloudfunctions.googleapis.com",
    "cloudresourcemanager.googleapis.com",
    "cloudscheduler.googleapis.com",
    "compute.googleapis.com",
    "containerscanning.googleapis.com",
    "dns.googleapis.com",
    "eventarc.googleapis.com",
    # Firestore hands its events to Eventarc through this one.
    "eventarcpublishing.googleapis.com",
    "firebaserules.googleapis.com",
    "firestore.googleapis.com",
    "iam.googleapis.com",
    "identitytoolkit.googleapis.com",
    "logging.googleapis.com",
    "monitoring.googleapis.com",
    "pubsub.googleapis.com",
    "run.googleapis.com",
    "secretmanager.googleapis.com",
    "securetoken.googleapis.com",
    "storage.googleapis.com",
  ])

  # Google's own account that delivers Pub/Sub's messages; bootstrap/ makes sure that it exists.
  pubsub_agent = "serviceAccount:service-${data.google_project.this.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
}

resource "google_project_service" "this" {
  for_each = local.apis

  service = each.value

  # Taking this configuration away never takes an API from somebody else.
  disable_on_destroy = false
}

# Who read and who wrote which document, in Cloud Logging.
resource "google_project_iam_audit_config" "firestore" {
  project = var.project_id
  service = "datastore.googleapis.com"

  audit_log_config {
    log_type = "DATA_WRITE"

    # The functions write all day, and tell it in their own log.
    exempted_members = [for account in google_service_account.function : account.member]
  }
}
