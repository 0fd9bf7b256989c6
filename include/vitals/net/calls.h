#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/base/result.h>
#include <vitals/net/client.h>

namespace vitals::net {

/// Outgoing calls that nobody waits for: one thread has any number of them under way, and one that
/// hangs delays no other. All but wake() belong to that thread.
class Calls {
 public:
  struct Answered {
    std::uint64_t number = 0;
    Result<ClientAnswer> answer;  ///< or why there is none, as of Client::call()
  };

  /// Drops what is under way, without waiting for it.
  virtual ~Calls() = default;
  /// Begins a call under a number of the caller's choice. Whatever comes of it is in answered().
  virtual void start(std::uint64_t number, const ClientRequest& request) = 0;
  /// What has come since it was last asked, without waiting.
  virtual std::vector<Answered> answered() = 0;
  /// Until there is something answered, wake() is called, or the time is over.
  virtual void wait(DurationMs at_most_ms) = 0;
  /// Ends a wait(), or the next one. Thread-safe.
  virtual void wake() = 0;
};

/// On libcurl; keeps connections alive.
std::unique_ptr<Calls> make_calls();

}  // namespace vitals::net
