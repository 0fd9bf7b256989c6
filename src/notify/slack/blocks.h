#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "../channel.h"

namespace vitals::notify::slack {

/// Slack's limits, in characters: docs.slack.dev, "Block Kit reference" and "Truncating content".
inline constexpr std::size_t kHeaderMax = 150;
inline constexpr std::size_t kSectionMax = 3'000;
inline constexpr std::size_t kFieldMax = 2'000;
inline constexpr std::size_t kFieldsMax = 10;
inline constexpr std::size_t kBlocksMax = 50;
inline constexpr std::size_t kCharactersMax = 13'200;  ///< of all blocks together

/// `{"text": …, "blocks": […]}`: one incident in full, several as a list.
nlohmann::ordered_json body_of(const Message& message, const std::string& external_url);

}  // namespace vitals::notify::slack
