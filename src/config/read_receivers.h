#pragma once

#include <filesystem>

#include <vitals/notify/receiver.h>

#include "section.h"

namespace vitals::config {

/// One receiver: its name, its limits, and the one kind it is.
notify::Receiver read_receiver(Section& section, const std::filesystem::path& folder);

/// The keys of a webhook, in a section of their own.
void read_webhook(Section& section, const std::filesystem::path& folder,
                  notify::WebhookTarget& webhook);

/// Headers, among them what logs in, from a secret.
void read_headers(Section& section, const std::filesystem::path& folder, notify::Headers& headers);

/// Reports what is wrong with a target that was read from this section.
void check_target(Section& section, const notify::Target& target);

}  // namespace vitals::config
