# One function of the zip, and who may call it.

terraform {
  required_version = "~> 1.11"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 6.50, < 8.0"
    }
  }
}

locals {
  folder = replace(var.name, "-", "_")
}

resource "google_cloudfunctions2_function" "this" {
  name        = var.name
  location    = var.region
  description = "functions/${local.folder} of ${var.source_zip.object}"
  labels      = var.labels

  build_config {
    runtime           = "python311"
    entry_point       = local.folder
    service_account   = var.builder
    docker_repository = var.registry

    environment_variables = {
      GOOGLE_FUNCTION_SOURCE = "functions/${local.folder}/main.py"
      # The build compiles everything, then the image gets other dates: with this, Python knows compiled files by the source's hash,
      # and no cold start compiles again.
      SOURCE_DATE_EPOCH = "315532800"
    }

    source {
      storage_source {
        bucket = var.source_zip.bucket
        # Named by its content: another zip is another name, and so another deployment.
        object = var.source_zip.object
      }
    }

    on_deploy_update_policy {}
  }

  service_config {
    service_account_email            = var.service_account
    available_memory                 = var.memory
    available_cpu                    = "1"
    timeout_seconds                  = var.timeout
    min_instance_count               = var.min_instances
    max_instance_count               = var.max_instances
    max_instance_request_concurrency = var.concurrency
    ingress_settings                 = var.ingress
    all_traffic_on_latest_revision   = true

    environment_variables = merge(var.environment, {
      PYTHONPATH = "/workspace/src"
      # The framework has four threads by itself, whatever the instance is sent.
      THREADS = tostring(var.concurrency)
    })

    dynamic "secret_environment_variables" {
      for_each = var.secrets

      content {
        key        = secret_environment_variables.key
        project_id = var.project_id
        secret     = secret_environment_variables.value
        version    = "latest"
      }
    }
  }

  dynamic "event_trigger" {
    for_each = var.event == null ? [] : [var.event]

    content {
      trigger_region        = var.region
      event_type            = event_trigger.value.type
      retry_policy          = "RETRY_POLICY_RETRY"
      service_account_email = event_trigger.value.account

      event_filters {
        attribute = "database"
        value     = event_trigger.value.database
      }

      event_filters {
        attribute = "document"
        value     = event_trigger.value.documents
        # Without it the braces are taken as they stand, and no document ever matches.
        operator = "match-path-pattern"
      }
    }
  }
}

# On the service below the function: the roles of functions do nothing for this generation.
resource "google_cloud_run_service_iam_member" "invoker" {
  for_each = var.invokers

  location = var.region
  service  = var.name
  role     = "roles/run.invoker"
  member   = each.value

  lifecycle {
    # A function that is made anew has a service without grants.
    replace_triggered_by = [google_cloudfunctions2_function.this.id]
  }

  depends_on = [google_cloudfunctions2_function.this]
}
