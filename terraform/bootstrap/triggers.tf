# When cloudbuild.yaml runs, as whom, and with what.

locals {
  substitutions = {
    _BUILDER      = coalesce(var.builder_image, "none")
    _CANARY_EMAIL = var.canary_email
    _ENV          = var.env
    _PROMOTES_TO  = coalesce(var.promotes_to, "none")
    _REGION       = var.region
  }
  ready = var.builder_image != null
}

# Every pull request: tests, audits, the zip, the configuration. It reaches nothing of the environment.
resource "google_cloudbuild_trigger" "check" {
  count = local.ready && var.env == "staging" ? 1 : 0

  name            = "check"
  description     = "Checks a pull request"
  location        = var.region
  filename        = "cloudbuild.yaml"
  service_account = google_service_account.this["checker"].id
  substitutions   = merge(local.substitutions, { _MODE = "check" })

  # What the log says is shown beside the pull request.
  include_build_logs = "INCLUDE_BUILD_LOGS_WITH_STATUS"

  repository_event_config {
    repository = var.repository

    pull_request {
      branch = var.branch
      # A stranger's proposal is run when one of us says so.
      comment_control = "COMMENTS_ENABLED_FOR_EXTERNAL_CONTRIBUTORS_ONLY"
    }
  }
}

# Every merge goes to staging.
resource "google_cloudbuild_trigger" "deploy" {
  count = local.ready && var.env == "staging" ? 1 : 0

  name            = "deploy"
  description     = "Deploys to staging"
  location        = var.region
  filename        = "cloudbuild.yaml"
  service_account = google_service_account.this["deployer"].id
  substitutions   = merge(local.substitutions, { _MODE = "deploy" })

  repository_event_config {
    repository = var.repository

    push {
      branch = var.branch
    }
  }
}

# What staging has proved goes to production when a person approves.
resource "google_cloudbuild_trigger" "promote" {
  count = local.ready && var.env == "prod" ? 1 : 0

  name            = "deploy"
  description     = "Deploys to production what staging has proved"
  location        = var.region
  service_account = google_service_account.this["deployer"].id
  substitutions   = merge(local.substitutions, { _MODE = "deploy" })

  approval_config {
    approval_required = true
  }

  source_to_build {
    repository = var.repository
    ref        = "refs/heads/main"
    repo_type  = "UNKNOWN"
  }

  git_file_source {
    path       = "cloudbuild.yaml"
    repository = var.repository
    revision   = "refs/heads/main"
    repo_type  = "UNKNOWN"
  }
}
