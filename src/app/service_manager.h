#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace vitals::app {

/// Tells systemd what the daemon does: the sd_notify(3) datagram protocol. Does nothing when the
/// process was not started by a service manager.
class ServiceManager {
 public:
  /// Reads NOTIFY_SOCKET and WATCHDOG_USEC.
  ServiceManager();

  void ready(std::string_view status) const;
  void reloading() const;
  void stopping() const;
  /// Quiets the watchdog, if there is one.
  void alive() const;

  /// How often alive() is expected: half of the watchdog's patience.
  std::optional<std::chrono::milliseconds> watchdog_period() const { return watchdog_period_; }

 private:
  void send(const std::string& message) const;

  std::string socket_;
  std::optional<std::chrono::milliseconds> watchdog_period_;
};

}  // namespace vitals::app
