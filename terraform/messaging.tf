# Steps travel as messages. What cannot be delivered is filed by `dead_letter`; what even that cannot take is kept for a person.

locals {
  # Above the function's time-out, so that a delivery is over before it is repeated.
  step_ack_deadline = max(10, ceil(3 * var.step_budget_seconds), local.functions["provision-step"].timeout + 5)

  dead_letter_topics = {
    provision-step = google_pubsub_topic.dead_letter.id
    dead-letter    = google_pubsub_topic.parked.id
  }

  dead_lettered_subscriptions = {
    provision-step = google_pubsub_subscription.provision_step.id
    dead-letter    = google_pubsub_subscription.dead_letter.id
  }
}

resource "google_pubsub_topic" "provision_step" {
  name = "provision-step"

  # Long enough to look at what was sent, and to send it again.
  message_retention_duration = "86400s"

  message_storage_policy {
    allowed_persistence_regions = [var.region]
  }

  depends_on = [google_project_service.this]
}

resource "google_pubsub_topic" "dead_letter" {
  name = "provision-step-dead-letter"

  message_storage_policy {
    allowed_persistence_regions = [var.region]
  }

  depends_on = [google_project_service.this]
}

resource "google_pubsub_topic" "parked" {
  name = "provision-step-parked"

  message_storage_policy {
    allowed_persistence_regions = [var.region]
  }

  depends_on = [google_project_service.this]
}

resource "google_pubsub_subscription" "provision_step" {
  name                       = "provision-step"
  topic                      = google_pubsub_topic.provision_step.id
  ack_deadline_seconds       = local.step_ack_deadline
  message_retention_duration = "604800s"

  push_config {
    push_endpoint = module.function["provision-step"].url

    oidc_token {
      service_account_email = google_service_account.caller["push"].email
      audience              = module.function["provision-step"].url
    }
  }

  retry_policy {
    minimum_backoff = "1s"
    maximum_backoff = "10s"
  }

  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.dead_letter.id
    max_delivery_attempts = 50
  }

  # A quiet month is no reason to end it.
  expiration_policy {
    ttl = ""
  }
}

resource "google_pubsub_subscription" "dead_letter" {
  name                       = "dead-letter"
  topic                      = google_pubsub_topic.dead_letter.id
  ack_deadline_seconds       = local.functions["dead-letter"].timeout + 5
  message_retention_duration = "604800s"

  push_config {
    push_endpoint = module.function["dead-letter"].url

    oidc_token {
      service_account_email = google_service_account.caller["push"].email
      audience              = module.function["dead-letter"].url
    }
  }

  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }

  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.parked.id
    max_delivery_attempts = 100
  }

  expiration_policy {
    ttl = ""
  }
}

# Nobody is called: a person looks, when the alert says that something is here.
resource "google_pubsub_subscription" "parked" {
  name                       = "parked"
  topic                      = google_pubsub_topic.parked.id
  ack_deadline_seconds       = 60
  message_retention_duration = "604800s"

  expiration_policy {
    ttl = ""
  }
}

locals {
  # What works by the clock, by the function that is called.
  scheduled = {
    collect = { schedule = "17 * * * *", does = "Removes releases and files of live stores, and packages of themes, that nothing names any more" }
    sweep   = { schedule = "* * * * *", does = "Publishes again what stands still, and picks up requests whose event was lost" }
  }
}

resource "google_cloud_scheduler_job" "this" {
  for_each = local.scheduled

  name        = each.key
  description = each.value.does
  region      = var.region
  schedule    = each.value.schedule
  time_zone   = "Etc/UTC"

  # Above the function's time-out; the next time is the retry.
  attempt_deadline = "${local.functions[each.key].timeout + 15}s"

  retry_config {
    retry_count = 0
  }

  http_target {
    http_method = "POST"
    uri         = module.function[each.key].url

    oidc_token {
      service_account_email = google_service_account.caller["scheduler"].email
      audience              = module.function[each.key].url
    }
  }
}
