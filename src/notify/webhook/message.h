#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include <vitals/base/clock.h>
#include <vitals/model/alert.h>
#include <vitals/net/client.h>
#include <vitals/notify/receiver.h>

namespace vitals::notify::webhook {

/// Payload limit that Standard Webhooks 1.0 recommends.
inline constexpr std::size_t kBodyBytesMax = 20'000;

/// The alert as `data`, with texts of at most so many bytes; texts are as they came, so it is to be
/// dumped with replacements for what is no UTF-8.
nlohmann::ordered_json data_of(const model::Alert& alert, std::size_t text_bytes_max);

/// `{"type":"alert.firing","timestamp":…,"data":{the alert}}`, as it is sent on every try. Texts
/// are shortened where the whole would be longer than kBodyBytesMax.
std::string body_of(const model::Alert& alert, std::string_view event, TimeMs now);

/// The call that carries `body` under `id`, signed for this moment.
Result<net::ClientRequest> request_for(const WebhookTarget& target, DurationMs timeout_ms,
                                       const std::string& id, const std::string& body, TimeMs now);

}  // namespace vitals::notify::webhook
