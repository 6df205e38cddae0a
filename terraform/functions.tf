# Every deployed function: one entry here, one folder under functions/. A test holds the two together.

locals {
  # Seconds of the longest step: `PUBLISHING_SECONDS` in workflow/definition.py. A test compares them.
  longest_step_seconds = max(var.step_budget_seconds, 30)

  created = "google.cloud.firestore.document.v1.created"
  written = "google.cloud.firestore.document.v1.written"

  functions = {
    activate-merchant = {
      memory = "512Mi", timeout = 30, concurrency = 8, max_instances = 20, public = false
      event  = { type = local.created, documents = "activation_requests/{id}" }
    }
    collect = {
      # It ends itself after 40 s.
      memory = "512Mi", timeout = 60, concurrency = 1, max_instances = 1, public = false
      event  = null
    }
    dead-letter = {
      memory = "512Mi", timeout = 30, concurrency = 8, max_instances = 5, public = false
      event  = null
    }
    provision-step = {
      # Publishing a large store is the most that one instance computes: few at a time. Themes of others are rendered by one process at a time.
      memory = "1Gi", timeout = ceil(1.5 * local.longest_step_seconds), concurrency = 4, max_instances = 50, public = false
      event  = null
    }
    republish = {
      memory = "512Mi", timeout = 30, concurrency = 8, max_instances = 20, public = false
      event  = { type = local.written, documents = "tenants/{store}/{collection}/{document}" }
    }
    status = {
      # A stream of events is held for 55 s. Beside it, a picture is decoded and a theme of others rendered, each by one process at a time.
      memory = "2Gi", timeout = 75, concurrency = 40, max_instances = 20, public = true
      event  = null
    }
    storefront = {
      memory = "512Mi", timeout = 30, concurrency = 80, max_instances = 100, public = true
      event  = null
    }
    sweep = {
      # It publishes for 45 s at most.
      memory = "512Mi", timeout = 60, concurrency = 1, max_instances = 2, public = false
      event  = null
    }
  }

  # Every variable that settings.py reads, but for those of local runtimes and `K_SERVICE`, which is Cloud Run's own. A test compares them.
  settings = {
    ALLOWED_ORIGINS      = "https://${var.dashboard_host}"
    DASHBOARD_HOST       = var.dashboard_host
    FIRESTORE_DATABASE   = google_firestore_database.this.name
    GOOGLE_CLOUD_PROJECT = var.project_id
    LOG_LEVEL            = var.log_level
    MAIL_FROM            = var.mail_from
    MAIL_FROM_NAME       = var.mail_from_name
    PROVISIONING_RUNTIME = "google"
    PUBLIC_PORT          = "443"
    PUBLIC_SCHEME        = "https"
    SENDGRID_URL         = var.sendgrid_url
    SITE_BUCKET          = google_storage_bucket.sites.name
    STEP_BUDGET_SECONDS  = tostring(var.step_budget_seconds)
    STEP_TOPIC           = google_pubsub_topic.provision_step.name
    STORE_DOMAIN         = var.store_domain
  }

  # The variables whose values come from Secret Manager, and which functions are given each.
  secrets = {
    SENDGRID_API_KEY = { secret = "sendgrid-api-key", functions = ["provision-step", "status"] }
    SESSION_SECRET   = { secret = "session-secret", functions = ["provision-step", "status", "storefront"] }
  }
}

module "function" {
  source   = "./modules/function"
  for_each = local.functions

  name            = each.key
  project_id      = var.project_id
  region          = var.region
  labels          = local.labels
  builder         = google_service_account.builder.id
  registry        = google_artifact_registry_repository.functions.id
  source_zip      = { bucket = local.sources_bucket, object = var.source_object }
  service_account = google_service_account.function[each.key].email

  memory        = each.value.memory
  timeout       = each.value.timeout
  concurrency   = each.value.concurrency
  min_instances = lookup(var.min_instances, each.key, 0)
  max_instances = lookup(var.max_instances, each.key, each.value.max_instances)
  ingress       = each.value.public ? "ALLOW_INTERNAL_AND_GCLB" : "ALLOW_INTERNAL_ONLY"
  invokers      = local.invokers[each.key]

  environment = local.settings
  secrets     = { for name, one in local.secrets : name => one.secret if contains(one.functions, each.key) }

  event = each.value.event == null ? null : {
    type      = each.value.event.type
    documents = each.value.event.documents
    database  = google_firestore_database.this.name
    account   = google_service_account.caller["eventarc"].email
  }

  depends_on = [
    google_project_iam_member.this,
    google_project_service.this,
    google_secret_manager_secret_iam_member.reader,
    google_storage_bucket_iam_member.sources,
    google_artifact_registry_repository_iam_member.builder,
  ]
}
