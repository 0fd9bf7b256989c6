#include "support/temp_folder.h"

#include <stdexcept>

#include <stdlib.h>

namespace vitals::test {

TempFolder::TempFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "vitals-test-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp failed: " + pattern);
  path_ = pattern;
}

TempFolder::~TempFolder() {
  std::error_code ignored;  // a test's verdict does not depend on cleaning up
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace vitals::test
