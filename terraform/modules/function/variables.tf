variable "builder" {
  description = "The id of the service account that builds the function."
  type        = string
}

variable "concurrency" {
  description = "How many requests one instance answers at once; it gets as many threads."
  type        = number

  validation {
    condition     = var.concurrency >= 1 && var.concurrency <= 1000
    error_message = "concurrency must be between 1 and 1000."
  }
}

variable "environment" {
  description = "The settings that the function reads."
  type        = map(string)
}

variable "event" {
  description = "The Firestore event that calls the function, the documents it is about, and the account that delivers it; null for one that is called by HTTP."
  type        = object({ account = string, database = string, documents = string, type = string })
  default     = null

  validation {
    condition     = var.event == null || can(regex("^google\\.cloud\\.firestore\\.document\\.v1\\.(created|updated|deleted|written)$", var.event.type))
    error_message = "event.type must be one of Firestore's document events."
  }
}

variable "ingress" {
  description = "From where it may be called."
  type        = string

  validation {
    condition     = contains(["ALLOW_INTERNAL_ONLY", "ALLOW_INTERNAL_AND_GCLB"], var.ingress)
    error_message = "ingress must be ALLOW_INTERNAL_ONLY or ALLOW_INTERNAL_AND_GCLB: nothing is called around the load balancer."
  }
}

variable "invokers" {
  description = "Who may call it: members by a name of their own."
  type        = map(string)
}

variable "labels" {
  description = "Labels of the function."
  type        = map(string)
}

variable "max_instances" {
  description = "How many instances there may be."
  type        = number
}

variable "memory" {
  description = "Memory of an instance, as 512Mi."
  type        = string

  validation {
    condition     = can(regex("^[0-9]+(Mi|Gi)$", var.memory))
    error_message = "memory must be a number of Mi or Gi."
  }
}

variable "min_instances" {
  description = "How many instances stay warm."
  type        = number
}

variable "name" {
  description = "The function's name: that of its folder, with hyphens."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z-]{1,48}[a-z]$", var.name))
    error_message = "name must be small letters and hyphens, so that the service below has the same name."
  }
}

variable "project_id" {
  description = "The project that holds the secrets."
  type        = string
}

variable "region" {
  description = "Where it runs."
  type        = string
}

variable "registry" {
  description = "The repository of the built images."
  type        = string
}

variable "secrets" {
  description = "Secrets by the variable that holds each: ids of secrets in the same project."
  type        = map(string)
}

variable "service_account" {
  description = "The e-mail address of the account that it works as."
  type        = string
}

variable "source_zip" {
  description = "The zip of all functions: bucket and object."
  type        = object({ bucket = string, object = string })
}

variable "timeout" {
  description = "Seconds after which a request is ended."
  type        = number

  validation {
    condition     = var.timeout >= 1 && var.timeout <= 540
    error_message = "timeout must be between 1 and 540 seconds."
  }
}
