#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/base/guarded.h>
#include <vitals/base/result.h>
#include <vitals/store/store.h>

namespace vitals::registry {

/// What the classes of errors that nobody knows stand for: the template of their messages
/// (docs/formats/error-template.md). Bounded, so that strangers cannot make classes without end.
/// Thread-safe.
class ErrorTemplates {
 public:
  static constexpr std::size_t kTemplatesMax = 1'000;
  /// One that was not met for so long makes room for another.
  static constexpr DurationMs kForgottenAfterMs = 90LL * 24 * 3'600'000;

  /// A row that cannot be read is left out, and why is added to `unreadable`. Errors: those of the
  /// store.
  static Result<std::unique_ptr<ErrorTemplates>> open(store::Store& store,
                                                      std::vector<Error>* unreadable = nullptr);

  /// Notes that a message of this class and template was met. False: there is no room for a new
  /// one, or the class stands for another template. Writes when the template is new, and once a day
  /// that it is met; on stable storage with the next commit that is synced. Errors: those of the
  /// store.
  Result<bool> note(std::string_view type, std::string_view text, TimeMs now);

  /// The template that a class stands for.
  std::optional<std::string> find(std::string_view type) const;
  std::size_t size() const;

 private:
  struct Template {
    std::string text;
    TimeMs seen = 0;  ///< within a day
  };
  using Known = std::map<std::string, Template, std::less<>>;

  ErrorTemplates(store::Store& store, store::Table table) : store_(store), table_(table) {}
  Status load(std::vector<Error>* unreadable);
  /// What need not be written; nothing where it must.
  std::optional<bool> look_up(std::string_view type, std::string_view text, TimeMs now) const;

  store::Store& store_;
  const store::Table table_;
  std::mutex writing_;  ///< one at a time; held while the store writes
  Guarded<Known> known_;
};

}  // namespace vitals::registry
