#pragma once

#include <string_view>

namespace vitals {

struct BuildInfo {
  std::string_view version;   ///< `0.1.0`
  std::string_view commit;    ///< first 12 characters of the commit, or `unknown`
  std::string_view compiler;  ///< `GNU 12.2.0`
  std::string_view type;      ///< CMake build type
};

/// Of this binary.
BuildInfo build_info();

}  // namespace vitals
