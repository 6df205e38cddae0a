# What is counted, what is promised, and who is told when it is not kept. docs/deploy.md has the first look; each alert says what to do.

# Links that let somebody in stand in request logs, unless these requests are not logged at all.
resource "google_logging_project_exclusion" "links" {
  name        = "links-that-let-in"
  description = "Requests whose address holds a token: the welcome link, and previews of stores"

  filter = <<-EOT
    (resource.type="cloud_run_revision" OR resource.type="http_load_balancer")
    httpRequest.requestUrl=~"/welcome(\?|/|$)|[?&](token|preview)="
  EOT
}

locals {
  ours = "resource.type=\"cloud_run_revision\" AND jsonPayload.event"

  # Events of logs.py, counted. A test holds the names against that file.
  counted = {
    collected          = { event = "collected", labels = [] }
    dead_letters_filed = { event = "dead_letter_filed", labels = ["code"] }
    functions_crashed  = { event = "function_crashed", labels = ["function"] }
    provisionings_over = { event = "provisioning_over", labels = ["kind", "status", "code"] }
    receivers_failed   = { event = "receiver_failed", labels = ["receiver"] }
    requests_accepted  = { event = "request_accepted", labels = [] }
    requests_rejected  = { event = "request_rejected", labels = [] }
    not_collected      = { event = "store_not_collected", labels = ["code"] }
    steps_retried      = { event = "step_will_retry", labels = ["step", "code"] }
    sweeps             = { event = "swept", labels = [] }
  }
}

resource "google_logging_metric" "counted" {
  for_each = local.counted

  name        = "provisioning/${each.key}"
  description = "How often ${each.value.event} was logged"
  filter      = "${local.ours}=\"${each.value.event}\""

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"

    dynamic "labels" {
      for_each = each.value.labels

      content {
        key        = labels.value
        value_type = "STRING"
      }
    }
  }

  label_extractors = { for label in each.value.labels : label => "EXTRACT(jsonPayload.${label})" }

  depends_on = [google_project_service.this]
}

resource "google_logging_metric" "step_seconds" {
  name            = "provisioning/step_seconds"
  description     = "How long steps take, from their claim to their commit; undoing them is not among it"
  filter          = "${local.ours}=\"step_committed\" AND jsonPayload.direction=\"forward\""
  value_extractor = "EXTRACT(jsonPayload.seconds)"

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "DISTRIBUTION"
    unit        = "s"

    labels {
      key        = "step"
      value_type = "STRING"
    }
  }

  label_extractors = { step = "EXTRACT(jsonPayload.step)" }

  bucket_options {
    exponential_buckets {
      num_finite_buckets = 20
      growth_factor      = 1.6
      scale              = 0.01
    }
  }

  depends_on = [google_project_service.this]
}

resource "google_monitoring_notification_channel" "email" {
  display_name = "The platform team"
  type         = "email"
  labels       = { email_address = var.alert_email }

  depends_on = [google_project_service.this]
}

# --- What is promised --------------------------------------------------------------------------------------

locals {
  over = "metric.type=\"logging.googleapis.com/user/${google_logging_metric.counted["provisionings_over"].name}\" resource.type=\"cloud_run_revision\""
  # Publications end by the same event, and are not what is promised.
  activated = "${local.over} metric.labels.kind=\"activation\""
  # Requests that reached the load balancer, for one backend.
  asked = "metric.type=\"loadbalancing.googleapis.com/https/request_count\" resource.type=\"https_lb_rule\""

  objectives = {
    activations = {
      title = "Activations that were begun are completed"
      goal  = 0.995
      good  = "${local.activated} metric.labels.status=\"COMPLETED\""
      bad   = "${local.activated} metric.labels.status=\"FAILED\""
    }
    storefront = {
      title = "Stores answer their visitors"
      goal  = 0.999
      good  = "${local.asked} resource.labels.backend_target_name=\"${google_compute_backend_service.storefront.name}\" metric.labels.response_code_class!=500"
      bad   = "${local.asked} resource.labels.backend_target_name=\"${google_compute_backend_service.storefront.name}\" metric.labels.response_code_class=500"
    }
    status = {
      title = "The portal's API and the owners' pages answer"
      goal  = 0.999
      good  = "${local.asked} resource.labels.backend_target_name=\"${google_compute_backend_service.status.name}\" metric.labels.response_code_class!=500"
      bad   = "${local.asked} resource.labels.backend_target_name=\"${google_compute_backend_service.status.name}\" metric.labels.response_code_class=500"
    }
  }

  # How fast the month's errors may be spent before somebody is told: at the first rate they are gone in two days, at the second in five.
  burn_rates = {
    fast = { rate = 14.4, over = "3600s", severity = "CRITICAL" }
    slow = { rate = 6, over = "21600s", severity = "WARNING" }
  }

  _burning = merge([
    for name, one in local.objectives : { for speed, burn in local.burn_rates : "${name} ${speed}" => merge(burn, { name = name, title = one.title, speed = speed }) }
  ]...)
}

resource "google_monitoring_custom_service" "this" {
  service_id   = "provisioning"
  display_name = "Stores for merchants"

  depends_on = [google_project_service.this]
}

resource "google_monitoring_slo" "this" {
  for_each = local.objectives

  service             = google_monitoring_custom_service.this.service_id
  slo_id              = each.key
  display_name        = each.value.title
  goal                = each.value.goal
  rolling_period_days = 28

  request_based_sli {
    good_total_ratio {
      good_service_filter = each.value.good
      bad_service_filter  = each.value.bad
    }
  }
}

resource "google_monitoring_alert_policy" "burning" {
  for_each = local._burning

  display_name          = "${each.value.title}: not often enough (${each.value.speed})"
  combiner              = "OR"
  severity              = each.value.severity
  notification_channels = [google_monitoring_notification_channel.email.id]

  conditions {
    display_name = "The errors of a month are spent ${each.value.rate} times too fast"

    condition_threshold {
      filter          = "select_slo_burn_rate(\"${google_monitoring_slo.this[each.value.name].id}\", \"${each.value.over}\")"
      comparison      = "COMPARISON_GT"
      threshold_value = each.value.rate
      duration        = "0s"
    }
  }

  documentation {
    content = "Begin with `provisioning list --status FAILED` and `provisioning dead-letters`: each names its cause and what to do. Was something deployed just now? Then go back to the zip before: docs/deploy.md, Going back."
  }
}

# --- What needs a person -----------------------------------------------------------------------------------

locals {
  alerts = {
    dead-letters = {
      title     = "A dead letter was filed"
      severity  = "WARNING"
      filter    = "metric.type=\"logging.googleapis.com/user/${google_logging_metric.counted["dead_letters_filed"].name}\" resource.type=\"cloud_run_revision\""
      aligner   = "ALIGN_DELTA"
      above     = 0
      duration  = "0s"
      procedure = "`provisioning dead-letters` lists it with its cause and its remedy. Do that, then `provisioning replay <id>`, or close it in the portal."
    }
    parked = {
      title     = "A message could not even be filed"
      severity  = "CRITICAL"
      filter    = "metric.type=\"pubsub.googleapis.com/subscription/num_undelivered_messages\" resource.type=\"pubsub_subscription\" resource.labels.subscription_id=\"${google_pubsub_subscription.parked.name}\""
      aligner   = "ALIGN_MAX"
      above     = 0
      duration  = "0s"
      procedure = "The function dead-letter refused it a hundred times: look at its log. Nothing is lost, as sweep brings steps back from Firestore; `gcloud pubsub subscriptions pull parked` shows what it was."
    }
    steps-waiting = {
      title     = "Steps are not taken"
      severity  = "CRITICAL"
      filter    = "metric.type=\"pubsub.googleapis.com/subscription/oldest_unacked_message_age\" resource.type=\"pubsub_subscription\" resource.labels.subscription_id=\"${google_pubsub_subscription.provision_step.name}\""
      aligner   = "ALIGN_MAX"
      above     = 300
      duration  = "120s"
      procedure = "Look at the log of the function provision-step: does it start, is it at its most instances, does a receiver fail? `provisioning list --stuck` names what waits."
    }
    events-waiting = {
      title     = "Firestore's events are not taken"
      severity  = "WARNING"
      filter    = "metric.type=\"pubsub.googleapis.com/subscription/oldest_unacked_message_age\" resource.type=\"pubsub_subscription\" resource.labels.subscription_id=starts_with(\"eventarc-\")"
      aligner   = "ALIGN_MAX"
      above     = 300
      duration  = "120s"
      procedure = "Look at the logs of activate-merchant and republish. Requests are picked up by sweep all the same, half a minute late; changes of a catalogue wait. After a day an event is dropped: then publish the store with `provisioning releases publish <subdomain>`."
    }
    crashes = {
      title     = "A function crashed"
      severity  = "WARNING"
      filter    = "metric.type=\"logging.googleapis.com/user/${google_logging_metric.counted["functions_crashed"].name}\" resource.type=\"cloud_run_revision\""
      aligner   = "ALIGN_DELTA"
      above     = 5
      duration  = "0s"
      procedure = "The event function_crashed names the kind of error and the line. What was being done comes again by itself."
    }
  }
}

resource "google_monitoring_alert_policy" "above" {
  for_each = local.alerts

  display_name          = each.value.title
  combiner              = "OR"
  severity              = each.value.severity
  notification_channels = [google_monitoring_notification_channel.email.id]

  conditions {
    display_name = each.value.title

    condition_threshold {
      filter          = each.value.filter
      comparison      = "COMPARISON_GT"
      threshold_value = each.value.above
      duration        = each.value.duration

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = each.value.aligner
        cross_series_reducer = "REDUCE_MAX"
      }
    }
  }

  documentation {
    content = each.value.procedure
  }
}

resource "google_monitoring_alert_policy" "no_sweep" {
  display_name          = "Nothing sweeps"
  combiner              = "OR"
  severity              = "CRITICAL"
  notification_channels = [google_monitoring_notification_channel.email.id]

  conditions {
    display_name = "No sweep in ten minutes"

    condition_absent {
      filter   = "metric.type=\"logging.googleapis.com/user/${google_logging_metric.counted["sweeps"].name}\" resource.type=\"cloud_run_revision\""
      duration = "600s"

      # Each revision has a series of its own, and the one before a deployment falls silent for good.
      aggregations {
        alignment_period     = "60s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
      }
    }
  }

  documentation {
    content = "What stands still is not brought back while this lasts. Look at the Scheduler job sweep (`gcloud scheduler jobs describe sweep`) and at the function's log; `gcloud scheduler jobs run sweep` calls it at once."
  }
}

resource "google_monitoring_alert_policy" "no_collecting" {
  display_name          = "Files are not collected"
  combiner              = "OR"
  severity              = "WARNING"
  notification_channels = [google_monitoring_notification_channel.email.id]

  conditions {
    display_name = "No round of collect in a day"

    condition_absent {
      filter = "metric.type=\"logging.googleapis.com/user/${google_logging_metric.counted["collected"].name}\" resource.type=\"cloud_run_revision\""
      # The longest that can be asked for.
      duration = "84600s"

      aggregations {
        alignment_period     = "3600s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
      }
    }
  }

  conditions {
    display_name = "Stores that could not be collected in a day"

    condition_threshold {
      filter          = "metric.type=\"logging.googleapis.com/user/${google_logging_metric.counted["not_collected"].name}\" resource.type=\"cloud_run_revision\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "0s"

      # A store's turn comes once a day: with less, one that fails each day would come and go.
      aggregations {
        alignment_period     = "86400s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
      }
    }
  }

  documentation {
    content = "Visitors notice nothing: old releases and files stay, and cost their storage. The event store_not_collected names the store and the code; `provisioning releases collect STORE` does it now and says why it cannot. No round at all: look at the Scheduler job collect (`gcloud scheduler jobs describe collect`) and at the function's log."
  }
}

# --- From outside ------------------------------------------------------------------------------------------

resource "google_monitoring_uptime_check_config" "this" {
  for_each = {
    api    = { path = "/api/provisioning/health", title = "The admin API answers" }
    portal = { path = "/", title = "The portal answers" }
  }

  display_name = each.value.title
  timeout      = "10s"
  period       = "60s"

  http_check {
    path         = each.value.path
    port         = 443
    use_ssl      = true
    validate_ssl = true
  }

  monitored_resource {
    type   = "uptime_url"
    labels = { project_id = var.project_id, host = var.dashboard_host }
  }

  depends_on = [google_project_service.this]
}

resource "google_monitoring_alert_policy" "down" {
  for_each = google_monitoring_uptime_check_config.this

  display_name          = "${each.value.display_name}: it does not"
  combiner              = "OR"
  severity              = "CRITICAL"
  notification_channels = [google_monitoring_notification_channel.email.id]

  conditions {
    display_name = "Two places or more get no answer"

    condition_threshold {
      filter          = "metric.type=\"monitoring.googleapis.com/uptime_check/check_passed\" resource.type=\"uptime_url\" metric.labels.check_id=\"${each.value.uptime_check_id}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 1
      duration        = "120s"

      aggregations {
        alignment_period     = "120s"
        per_series_aligner   = "ALIGN_NEXT_OLDER"
        cross_series_reducer = "REDUCE_COUNT_FALSE"
        group_by_fields      = ["resource.label.host"]
      }
    }
  }

  documentation {
    content = "Does the certificate hold (`gcloud certificate-manager certificates list`), does the name lead to the load balancer, does the function status start? Was something deployed just now? Then docs/deploy.md, Going back."
  }
}

# --- All of it at a glance ---------------------------------------------------------------------------------

locals {
  charts = [
    { title = "Provisionings that ended, by kind and status", filter = local.over, group = ["metric.label.kind", "metric.label.status"], aligner = "ALIGN_RATE", reducer = "REDUCE_SUM" },
    { title = "Seconds of a step, 95 of 100", filter = "metric.type=\"logging.googleapis.com/user/${google_logging_metric.step_seconds.name}\" resource.type=\"cloud_run_revision\"", group = ["metric.label.step"], aligner = "ALIGN_DELTA", reducer = "REDUCE_PERCENTILE_95" },
    { title = "Attempts that are repeated, by step", filter = "metric.type=\"logging.googleapis.com/user/${google_logging_metric.counted["steps_retried"].name}\" resource.type=\"cloud_run_revision\"", group = ["metric.label.step"], aligner = "ALIGN_RATE", reducer = "REDUCE_SUM" },
    { title = "Seconds that the oldest message waits", filter = "metric.type=\"pubsub.googleapis.com/subscription/oldest_unacked_message_age\" resource.type=\"pubsub_subscription\"", group = ["resource.label.subscription_id"], aligner = "ALIGN_MAX", reducer = "REDUCE_MAX" },
    { title = "Dead letters, by code", filter = "metric.type=\"logging.googleapis.com/user/${google_logging_metric.counted["dead_letters_filed"].name}\" resource.type=\"cloud_run_revision\"", group = ["metric.label.code"], aligner = "ALIGN_DELTA", reducer = "REDUCE_SUM" },
    { title = "Receivers that failed", filter = "metric.type=\"logging.googleapis.com/user/${google_logging_metric.counted["receivers_failed"].name}\" resource.type=\"cloud_run_revision\"", group = ["metric.label.receiver"], aligner = "ALIGN_DELTA", reducer = "REDUCE_SUM" },
    { title = "Answers of the load balancer, by class", filter = local.asked, group = ["metric.label.response_code_class"], aligner = "ALIGN_RATE", reducer = "REDUCE_SUM" },
    { title = "Instances, by function", filter = "metric.type=\"run.googleapis.com/container/instance_count\" resource.type=\"cloud_run_revision\"", group = ["resource.label.service_name"], aligner = "ALIGN_MAX", reducer = "REDUCE_SUM" },
  ]
}

resource "google_monitoring_dashboard" "this" {
  dashboard_json = jsonencode({
    displayName = "Stores for merchants"
    mosaicLayout = {
      columns = 12
      tiles = [
        for number, chart in local.charts : {
          xPos   = 6 * (number % 2)
          yPos   = 4 * floor(number / 2)
          width  = 6
          height = 4
          widget = {
            title = chart.title
            xyChart = {
              dataSets = [{
                plotType = "LINE"
                timeSeriesQuery = {
                  timeSeriesFilter = {
                    filter = chart.filter
                    aggregation = {
                      alignmentPeriod    = "60s"
                      perSeriesAligner   = chart.aligner
                      crossSeriesReducer = chart.reducer
                      groupByFields      = chart.group
                    }
                  }
                }
              }]
            }
          }
        }
      ]
    }
  })

  depends_on = [google_project_service.this]
}
