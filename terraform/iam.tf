# Who may do what. Every grant of this configuration stands in the maps below; docs/permissions.md lists and explains them, and a test
# compares the two. No grant is wider than one resource where Google offers that.

locals {
  # What each account may do in the project: what has no resource of its own to grant it on.
  project_grants = {
    activate-merchant = ["roles/datastore.user"]
    builder           = ["roles/logging.logWriter"]
    collect           = ["roles/datastore.user"]
    dead-letter       = ["roles/datastore.user"]
    eventarc          = ["roles/eventarc.eventReceiver"]
    provision-step    = ["roles/datastore.user", "roles/firebaseauth.admin"]
    republish         = ["roles/datastore.user"]
    status            = ["roles/datastore.user", "roles/firebaseauth.admin"]
    storefront        = ["roles/datastore.viewer"]
    sweep             = ["roles/datastore.user"]
  }

  # Who publishes steps.
  step_publishers = ["activate-merchant", "provision-step", "republish", "status", "sweep"]

  # Who works with the stores' files.
  site_grants = {
    collect        = ["roles/storage.objectUser"]
    provision-step = ["roles/storage.objectUser"]
    status         = ["roles/storage.objectCreator", "roles/storage.objectViewer"]
    storefront     = ["roles/storage.objectViewer"]
  }

  # Who calls which function.
  invokers = {
    activate-merchant = { eventarc = google_service_account.caller["eventarc"].member }
    collect           = { scheduler = google_service_account.caller["scheduler"].member }
    dead-letter       = { push = google_service_account.caller["push"].member }
    provision-step    = { push = google_service_account.caller["push"].member }
    republish         = { eventarc = google_service_account.caller["eventarc"].member }
    status            = { anyone = "allUsers" }
    storefront        = { anyone = "allUsers" }
    sweep             = { scheduler = google_service_account.caller["scheduler"].member }
  }

  members = merge(
    { for name, account in google_service_account.function : name => account.member },
    { for name, account in google_service_account.caller : name => account.member },
    { builder = google_service_account.builder.member },
  )

  _project_grants = merge([
    for account, roles in local.project_grants : { for role in roles : "${account} ${role}" => { account = account, role = role } }
  ]...)

  _site_grants = merge([
    for account, roles in local.site_grants : { for role in roles : "${account} ${role}" => { account = account, role = role } }
  ]...)

  _secret_readers = merge([
    for one in values(local.secrets) : { for name in one.functions : "${name} ${one.secret}" => { account = name, secret = one.secret } }
  ]...)
}

# One account for each function, so that each holds its own rights alone.
resource "google_service_account" "function" {
  for_each = local.functions

  account_id   = "fn-${each.key}"
  display_name = "The function ${each.key}"
}

# One for each way in which functions are called.
resource "google_service_account" "caller" {
  for_each = {
    eventarc  = "Delivers Firestore's events"
    push      = "Delivers Pub/Sub's messages"
    scheduler = "Calls what works by the clock"
  }

  account_id   = "call-${each.key}"
  display_name = each.value
}

# Builds the functions' images; without one the project's default account would.
resource "google_service_account" "builder" {
  account_id   = "builder"
  display_name = "Builds the functions' images"
}

resource "google_project_iam_member" "this" {
  for_each = local._project_grants

  project = var.project_id
  role    = each.value.role
  member  = local.members[each.value.account]
}

resource "google_pubsub_topic_iam_member" "step_publisher" {
  for_each = toset(local.step_publishers)

  topic  = google_pubsub_topic.provision_step.id
  role   = "roles/pubsub.publisher"
  member = local.members[each.value]
}

# Pub/Sub itself hands over what it gives up on: it publishes to the dead letters, and acknowledges at the subscription.
resource "google_pubsub_topic_iam_member" "dead_letter_publisher" {
  for_each = local.dead_letter_topics

  topic  = each.value
  role   = "roles/pubsub.publisher"
  member = local.pubsub_agent
}

resource "google_pubsub_subscription_iam_member" "dead_letter_subscriber" {
  for_each = local.dead_lettered_subscriptions

  subscription = each.value
  role         = "roles/pubsub.subscriber"
  member       = local.pubsub_agent
}

resource "google_storage_bucket_iam_member" "sites" {
  for_each = local._site_grants

  bucket = google_storage_bucket.sites.name
  role   = each.value.role
  member = local.members[each.value.account]
}

resource "google_storage_bucket_iam_member" "sources" {
  bucket = local.sources_bucket
  role   = "roles/storage.objectViewer"
  member = google_service_account.builder.member
}

# The portal's files hold nothing but program text; what they show is asked of the API, with a token.
resource "google_storage_bucket_iam_member" "portal" {
  bucket = google_storage_bucket.portal.name
  role   = "roles/storage.objectViewer"
  member = "allUsers"
}

resource "google_artifact_registry_repository_iam_member" "builder" {
  location   = google_artifact_registry_repository.functions.location
  repository = google_artifact_registry_repository.functions.name
  role       = "roles/artifactregistry.writer"
  member     = google_service_account.builder.member
}

resource "google_secret_manager_secret_iam_member" "reader" {
  for_each = local._secret_readers

  secret_id = each.value.secret
  role      = "roles/secretmanager.secretAccessor"
  member    = local.members[each.value.account]
}
