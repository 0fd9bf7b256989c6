#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <vitals/base/guarded.h>
#include <vitals/base/result.h>
#include <vitals/model/batch.h>
#include <vitals/model/prompt.h>
#include <vitals/store/store.h>

namespace vitals::registry {

/// The texts of prompts by version (docs/formats/prompt.md), and what they say of executions. A
/// version is registered once and never changes. Thread-safe.
class Prompts {
 public:
  /// So many versions in all: what is known of each is kept in memory, but for the texts.
  static constexpr std::size_t kVersionsMax = 100'000;

  /// A version that cannot be read is left out, and why is added to `unreadable`. Errors: those of
  /// the store.
  static Result<std::unique_ptr<Prompts>> open(store::Store& store,
                                               std::vector<Error>* unreadable = nullptr);

  /// Stores it, synced. False when the same text is registered under this version already.
  /// Errors: already_exists with another text, unprocessable without the parent, resource_exhausted
  /// when there are too many, those of the store.
  Result<bool> add(const model::PromptVersion& version);

  Result<std::optional<model::PromptVersion>> find(std::string_view prompt,
                                                   std::string_view version) const;
  /// Oldest first; none when the prompt is not known.
  Result<std::vector<model::PromptVersion>> versions(std::string_view prompt) const;

  struct Summary {
    std::string prompt;
    std::size_t versions = 0;
    std::string latest;
    TimeMs registered_at = 0;  ///< of the latest
  };
  /// All prompts, by name.
  std::vector<Summary> prompts() const;

  /// Gives executions of registered versions the traits of their text, where the event has none of
  /// its own.
  void apply(model::ExecutionBatch& batch) const;

 private:
  struct Entry {
    TimeMs registered_at = 0;
    model::Traits traits{};
  };
  using Versions = std::map<std::string, Entry, std::less<>>;
  struct Known {
    std::map<std::string, Versions, std::less<>> prompts;
    std::size_t versions = 0;

    const Entry* find(std::string_view prompt, std::string_view version) const;
    void add(const model::PromptVersion& version);
  };

  Prompts(store::Store& store, store::Table table) : store_(store), table_(table) {}
  Status load(std::vector<Error>* unreadable);
  /// What add() finds before it stores: an error, or whether it is new.
  Result<bool> is_new(const model::PromptVersion& version) const;

  store::Store& store_;
  const store::Table table_;
  std::mutex adding_;  ///< one at a time; held while the store syncs
  Guarded<Known> known_;
};

}  // namespace vitals::registry
