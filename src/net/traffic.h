#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include <vitals/telemetry/registry.h>

namespace vitals::net {

/// One listener's telemetry. Thread-safe.
class Traffic {
 public:
  Traffic(telemetry::Registry& registry, const std::string& listener);

  void answered(int status) noexcept;
  /// An answer that net gave itself, or a connection that it did not serve.
  void refused(int status) noexcept;

  void opened() noexcept { open_->fetch_add(1, std::memory_order_relaxed); }
  void closed() noexcept { open_->fetch_sub(1, std::memory_order_relaxed); }
  std::uint32_t open() const noexcept { return open_->load(std::memory_order_relaxed); }

 private:
  struct Reason {
    int status;
    telemetry::Counter* count;
  };

  std::shared_ptr<std::atomic<std::uint32_t>> open_;  ///< shared with the registry's gauge
  std::array<telemetry::Counter*, 6> answered_{};     ///< by status / 100
  std::array<Reason, 12> refused_{};                  ///< the last one is "other"
};

}  // namespace vitals::net
