#pragma once

#include <string>
#include <utility>
#include <variant>

namespace vitals {

/// What went wrong, as far as a caller can act on it. The message says the rest.
enum class Errc {
  invalid_argument,    ///< the caller's input is malformed or out of range
  not_found,           ///< no such thing
  already_exists,      ///< taken, as a data folder by another daemon
  unprocessable,       ///< well-formed, but it cannot be answered
  unavailable,         ///< not now; try again
  resource_exhausted,  ///< disk full, queue full
  deadline_exceeded,   ///< took longer than its limit
  corruption,          ///< stored bytes are not what was written
  permission_denied,   ///< not allowed
  io,                  ///< an operating-system call failed
  internal,            ///< a defect of ours
};

struct Error {
  Errc code;
  std::string message;  ///< one sentence for a person, without a path of this machine's internals
};

/// A value or an Error. Reading the one that is not there is a programming error (std::terminate).
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}      // NOLINT: values convert by design
  Result(Error error) : state_(std::move(error)) {}  // NOLINT: errors convert by design

  bool ok() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return ok(); }

  const T& value() const& noexcept { return *std::get_if<0>(&state_); }
  T& value() & noexcept { return *std::get_if<0>(&state_); }
  T&& value() && noexcept { return std::move(*std::get_if<0>(&state_)); }
  const T& operator*() const& noexcept { return value(); }
  T& operator*() & noexcept { return value(); }
  T&& operator*() && noexcept { return std::move(*this).value(); }
  const T* operator->() const noexcept { return std::get_if<0>(&state_); }
  T* operator->() noexcept { return std::get_if<0>(&state_); }

  const Error& error() const& noexcept { return *std::get_if<1>(&state_); }
  Error&& error() && noexcept { return std::move(*std::get_if<1>(&state_)); }

 private:
  std::variant<T, Error> state_;
};

/// Success without a value, or an Error.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)), ok_(false) {}  // NOLINT: errors convert by design

  bool ok() const noexcept { return ok_; }
  explicit operator bool() const noexcept { return ok_; }
  const Error& error() const& noexcept { return error_; }
  Error&& error() && noexcept { return std::move(error_); }

 private:
  Error error_{Errc::internal, {}};
  bool ok_ = true;
};

using Status = Result<void>;

}  // namespace vitals
