#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/base/result.h>

namespace vitals::net {

/// Sender and recipients of a mail, and how to hand it in.
struct Envelope {
  std::string from;  ///< addresses without names
  std::vector<std::string> to;
  bool starttls = false;  ///< the connection must become TLS before anything is said
  std::string user;       ///< "" does not log in
  std::string password;
};

struct ClientRequest {
  std::string method = "GET";
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  DurationMs timeout_ms = 15'000;
  std::string ca_file;  ///< "" uses the system's
  std::uint64_t answer_bytes_max = 64ULL << 20;
  /// Then the body is a mail (RFC 5322), the URL smtp://HOST:PORT or smtps://HOST:PORT, and method
  /// and headers do not count. The answer has the server's last reply: its code as the status, its
  /// line as the body.
  std::optional<Envelope> mail;
};

struct ClientAnswer {
  int status = 0;
  std::multimap<std::string, std::string> headers;  ///< names in lower case
  std::string body;
};

/// Outgoing HTTP/1.1 calls, one at a time per thread; calls.h has many. Redirects are not followed.
/// Implementations are thread-safe.
class Client {
 public:
  virtual ~Client() = default;
  /// Any status is an answer; an error is no answer: unavailable (no connection came about), io
  /// (the connection was lost: nobody knows whether the request was taken), deadline_exceeded,
  /// resource_exhausted (the answer is over answer_bytes_max), invalid_argument (bad URL, not http
  /// or https).
  virtual Result<ClientAnswer> call(const ClientRequest& request) = 0;
};

/// On libcurl; keeps connections alive per thread of use.
std::unique_ptr<Client> make_client();

}  // namespace vitals::net
