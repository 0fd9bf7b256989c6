#pragma once

#include <optional>
#include <string>

#include "subject_options.h"

namespace vitals::cli {

struct ComplianceArguments {
  std::string prompt;
  std::optional<std::string> version = {};                                    ///< "" is none
  std::string metrics = {}, benchmark = {}, confidence = {}, min_count = {};  ///< as the API takes
  SubjectArguments subject = {};
};

/// Returns kDone, kMissed or kUndecided by the verdict.
int show_compliance(Session& session, const ComplianceArguments& arguments);

/// `vitalsctl compliance`.
void add_compliance(CLI::App& app, Chosen& chosen);

}  // namespace vitals::cli
