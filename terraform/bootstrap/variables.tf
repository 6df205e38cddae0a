variable "billing_account" {
  description = "The billing account that the deployer may watch with a budget, as 0A1B2C-3D4E5F-6A7B8C; null where it may not."
  type        = string
  default     = null

  validation {
    condition     = var.billing_account == null || can(regex("^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$", var.billing_account))
    error_message = "billing_account must look like 0A1B2C-3D4E5F-6A7B8C."
  }
}

variable "branch" {
  description = "What is deployed to staging whenever it changes: a regular expression of branches."
  type        = string
  default     = "^main$"

  validation {
    condition     = startswith(var.branch, "^") && endswith(var.branch, "$")
    error_message = "branch must begin with ^ and end with $, or other branches would match too."
  }
}

variable "builder_image" {
  description = "The image of every build step, with its digest: what builder/Dockerfile became. Null until it is built."
  type        = string
  default     = null

  validation {
    condition     = var.builder_image == null || can(regex("^[a-z0-9.-]+/[a-z0-9/._-]+@sha256:[0-9a-f]{64}$", var.builder_image))
    error_message = "builder_image must be named by its digest, as europe-west1-docker.pkg.dev/project/builders/toolchain@sha256:…; a tag may be another image tomorrow."
  }
}

variable "canary_email" {
  description = "Who gets the welcome mail of the store that each deployment makes and removes: an address of the team's."
  type        = string

  validation {
    condition     = can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", var.canary_email))
    error_message = "canary_email must be an e-mail address."
  }
}

variable "env" {
  description = "Which environment this is."
  type        = string

  validation {
    condition     = contains(["staging", "prod"], var.env)
    error_message = "env must be staging or prod."
  }
}

variable "project_id" {
  description = "The project of this environment."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id must be a project's id: 6 to 30 small letters, digits and hyphens."
  }
}

variable "promotes_to" {
  description = "Staging's alone: the project whose deployment is asked for after each good one here; null where nothing follows."
  type        = string
  default     = null

  validation {
    condition     = var.promotes_to == null || var.env == "staging"
    error_message = "Only staging promotes."
  }
}

variable "promoted_by" {
  description = "Production's alone: the e-mail address of staging's deployer, which may ask for a deployment here; null where a person does."
  type        = string
  default     = null

  validation {
    condition     = var.promoted_by == null || var.env == "prod"
    error_message = "Only prod is promoted to."
  }
}

variable "region" {
  description = "Where everything is; the same as in envs/<env>.tfvars."
  type        = string

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region must be one region, as europe-west1."
  }
}

variable "repository" {
  description = "The repository as Cloud Build is connected to it: projects/<project>/locations/<region>/connections/<name>/repositories/<name>."
  type        = string

  validation {
    condition     = can(regex("^projects/[^/]+/locations/[^/]+/connections/[^/]+/repositories/[^/]+$", var.repository))
    error_message = "repository must be a connected repository's full name; `gcloud builds repositories list --connection <name> --region <region>` prints it."
  }
}
