#pragma once

#include <vitals/base/result.h>
#include <vitals/pipeline/maintenance.h>

namespace vitals::pipeline {

/// What becomes of what is stored about people as time goes by (docs/privacy.md). Of the
/// maintenance thread.
class PersonUpkeep {
 public:
  PersonUpkeep(const MaintenanceParts& parts, const Options& options)
      : parts_(parts), options_(options) {}

  /// Makes a new key of pseudonyms when one is due, and forgets retired ones of which nothing is
  /// stored any more.
  Status keep_keys(TimeMs now);

 private:
  const MaintenanceParts& parts_;
  const Options& options_;
};

}  // namespace vitals::pipeline
