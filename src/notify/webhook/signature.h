#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/base/result.h>
#include <vitals/net/client.h>

namespace vitals::notify::webhook {

/// The keys of one or several `whsec_…` secrets separated by spaces; none for "". The error says
/// what is wrong without repeating the secret.
Result<std::vector<std::string>> parse_secrets(std::string_view secrets);

/// The value of `webhook-signature`: `v1,<base64 of HMAC-SHA256 over id.timestamp.body>`, one per
/// key, separated by spaces. Standard Webhooks 1.0, "Signature scheme".
std::string sign(const std::vector<std::string>& keys, std::string_view id,
                 std::int64_t timestamp_s, std::string_view body);

/// Adds the headers of a message that is signed now.
void sign(const std::vector<std::string>& keys, const std::string& id, TimeMs now,
          net::ClientRequest& request);

}  // namespace vitals::notify::webhook
