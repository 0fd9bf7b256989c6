#pragma once

#include <array>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <zlib.h>

namespace vitals::text::test {

/// The lines of a gzipped file below ../shared/data; none where it is not there.
inline std::vector<std::string> shared_lines(const std::string& name) {
  const char* shared = std::getenv("VITALS_SHARED");
  const auto path = std::filesystem::path(shared == nullptr ? "../shared" : shared) / "data" / name;
  std::vector<std::string> lines;
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
  if (!file) return lines;
  std::array<char, 1 << 16> buffer;
  std::stringstream all;
  for (int n = 0; (n = gzread(file.get(), buffer.data(), buffer.size())) > 0;) {
    all.write(buffer.data(), n);
  }
  for (std::string line; std::getline(all, line);) lines.push_back(line);
  return lines;
}

}  // namespace vitals::text::test
