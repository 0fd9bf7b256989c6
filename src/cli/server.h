#pragma once

#include <functional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include <vitals/base/result.h>
#include <vitals/net/client.h>

namespace vitals::cli {

/// The daemon that a command talks to. Errors: unavailable (no daemon answers, and how to start
/// one), else what the daemon said.
class Server {
 public:
  /// `url` is http://HOST:PORT; `token` may be empty. The client must outlive the server.
  Server(net::Client& client, std::string url, std::string token);

  /// The body of a 200 answer.
  Result<std::string> get(const std::string& path_and_query);
  /// Any answer.
  Result<net::ClientAnswer> post(const std::string& path_and_query, std::string_view content_type,
                                 std::string body, DurationMs timeout_ms = kTimeoutMs);

  Result<net::ClientAnswer> erase(const std::string& path);

  const std::string& url() const { return url_; }

  static constexpr DurationMs kTimeoutMs = 60'000;

 private:
  Result<net::ClientAnswer> call(net::ClientRequest request);

  net::Client& client_;
  std::string url_;
  std::string token_;
};

/// What an answer that is no success says: problem+json in words.
Error explain(const net::ClientAnswer& answer);

/// A document of the daemon; an error when it is not JSON or does not have the expected members
/// (which `read` finds by throwing).
Result<nlohmann::ordered_json> parse_document(std::string_view body);

}  // namespace vitals::cli
