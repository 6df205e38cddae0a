locals {
  # Made by bootstrap/, because the zip is there before this configuration is applied for the first time.
  sources_bucket = "${var.project_id}-sources"
}

# The stores' files. Names carry their content's hash, and what is no longer named is collected: versions would keep it for nothing. What was removed
# by mistake can be had back for a week.
resource "google_storage_bucket" "sites" {
  name                        = "${var.project_id}-sites"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  soft_delete_policy {
    retention_duration_seconds = 604800
  }

  lifecycle_rule {
    condition {
      age = 1
    }

    action {
      type = "AbortIncompleteMultipartUpload"
    }
  }

  lifecycle {
    prevent_destroy = true
  }

  depends_on = [google_project_service.this]
}

# The portal's built files. A deployment overwrites them: the versions before are kept for going back.
resource "google_storage_bucket" "portal" {
  name                        = "${var.project_id}-portal"
  location                    = var.region
  uniform_bucket_level_access = true
  # It is read through the load balancer by everybody; see iam.tf.
  public_access_prevention = "inherited"

  website {
    main_page_suffix = "index.html"
  }

  versioning {
    enabled = true
  }

  lifecycle_rule {
    condition {
      num_newer_versions = 10
    }

    action {
      type = "Delete"
    }
  }

  lifecycle_rule {
    condition {
      days_since_noncurrent_time = 30
    }

    action {
      type = "Delete"
    }
  }

  depends_on = [google_project_service.this]
}

resource "google_artifact_registry_repository" "functions" {
  repository_id = "functions"
  description   = "The functions' images, as the platform builds them from the zip"
  location      = var.region
  format        = "DOCKER"

  vulnerability_scanning_config {
    enablement_config = "INHERITED"
  }

  cleanup_policies {
    id     = "keep-the-newest"
    action = "KEEP"

    most_recent_versions {
      keep_count = 10
    }
  }

  cleanup_policies {
    id     = "drop-the-old"
    action = "DELETE"

    condition {
      older_than = "7776000s"
    }
  }

  depends_on = [google_project_service.this]
}
