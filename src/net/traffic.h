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
  /// Bytes of bodies that are not complete, all connections together.
  std::uint64_t pending_body_bytes() const noexcept {
    return pending_body_bytes_->load(std::memory_order_relaxed);
  }
  void change_pending_body_bytes(std::size_t from, std::size_t to) noexcept {
    pending_body_bytes_->fetch_add(to - from, std::memory_order_relaxed);  // modulo 2^64
  }
  std::uint32_t open() const noexcept { return open_->load(std::memory_order_relaxed); }

 private:
  struct Reason {
    int status;
    telemetry::Counter* count;
  };

  // Shared with the registry's gauges, which may outlive this.
  std::shared_ptr<std::atomic<std::uint32_t>> open_;
  std::shared_ptr<std::atomic<std::uint64_t>> pending_body_bytes_;
  std::array<telemetry::Counter*, 6> answered_{};  ///< by status / 100
  std::array<Reason, 12> refused_{};               ///< the last one is "other"
};

}  // namespace vitals::net
