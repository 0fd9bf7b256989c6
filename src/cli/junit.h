#pragma once

#include <string>
#include <vector>

namespace vitals::cli {

/// One test of a JUnit report.
struct JunitCase {
  std::string suite;  ///< the file
  std::string name;
  std::string failure;  ///< "" when it passed
};

/// The XML that continuous integration reads (the Ant JUnit task's format, as far as all take it).
/// Cases of one suite follow one another.
std::string junit_report(const std::vector<JunitCase>& cases);

}  // namespace vitals::cli
