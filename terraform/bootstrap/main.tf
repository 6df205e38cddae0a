data "google_project" "this" {}

locals {
  apis = toset([
    "artifactregistry.googleapis.com",
    "billingbudgets.googleapis.com",
    "cloudbuild.googleapis.com",
    "cloudresourcemanager.googleapis.com",
    "eventarc.googleapis.com",
    "iam.googleapis.com",
    "pubsub.googleapis.com",
    "secretmanager.googleapis.com",
    "serviceusage.googleapis.com",
    "storage.googleapis.com",
  ])
}

resource "google_project_service" "this" {
  for_each = local.apis

  service            = each.value
  disable_on_destroy = false
}

# Google makes these accounts when a service is first used: too late for a grant that names one.
resource "google_project_service_identity" "this" {
  for_each = toset(["eventarc.googleapis.com", "pubsub.googleapis.com"])
  provider = google-beta

  service = each.value

  depends_on = [google_project_service.this]
}

# The zips that are or were deployed. Each is named by its content, and going back means naming an earlier one: none is removed by itself.
resource "google_storage_bucket" "sources" {
  name                        = "${var.project_id}-sources"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  versioning {
    enabled = true
  }

  lifecycle {
    prevent_destroy = true
  }

  depends_on = [google_project_service.this]
}

# The image that builds; see builder/Dockerfile.
resource "google_artifact_registry_repository" "builders" {
  repository_id = "builders"
  description   = "The image of every build step"
  location      = var.region
  format        = "DOCKER"

  docker_config {
    immutable_tags = true
  }

  depends_on = [google_project_service.this]
}

# The secrets' places alone. A person puts the values in: so none is ever in a state, a plan or a log of Terraform's.
resource "google_secret_manager_secret" "this" {
  for_each = toset(["sendgrid-api-key", "session-secret"])

  secret_id = each.value

  replication {
    user_managed {
      replicas {
        location = var.region
      }
    }
  }

  lifecycle {
    prevent_destroy = true
  }

  depends_on = [google_project_service.this]
}
