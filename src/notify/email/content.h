#pragma once

#include <string>

#include "../channel.h"

namespace vitals::notify::email {

/// What a mail says: one incident in full, or several one below the other.
std::string subject_of(const Message& message, const std::string& external_url);
std::string text_of(const Message& message, const std::string& external_url);
/// Complete in itself: no images, style sheets or scripts from elsewhere.
std::string html_of(const Message& message, const std::string& external_url);

}  // namespace vitals::notify::email
