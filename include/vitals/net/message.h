#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vitals::net {

/// A whole request: framing checked, body read, decompressed and within its limit.
struct Request {
  std::string method;
  std::string path;  ///< percent-decoded, without the query; always starts with '/'
  std::vector<std::string> segments;  ///< of the raw path, split at '/', then percent-decoded
  std::vector<std::pair<std::string, std::string>> query;    ///< decoded, in order, repeats kept
  std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case
  std::string body;
  std::string peer;       ///< address, for the log
  bool loopback = false;  ///< came in on a loopback listener

  /// First value, or "" when there is none.
  std::string_view header(std::string_view lower_case_name) const;
  /// First value, or nullptr.
  const std::string* parameter(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;  ///< Allow, Retry-After, …
};

/// Sends the answer; call exactly once, from any thread.
using Respond = std::function<void(Response)>;

/// Takes whole requests on I/O threads. Must not block: what takes long answers later from another
/// thread. One request per connection is in flight at a time, so answers keep their order.
class Handler {
 public:
  virtual ~Handler() = default;
  virtual void handle(Request request, Respond respond) = 0;
  /// The body of an answer that `net` gives itself (400, 408, 413, 431, …), so that all errors look
  /// alike. `reason` is a sentence.
  virtual Response refuse(int status, std::string_view reason) const = 0;
};

}  // namespace vitals::net
