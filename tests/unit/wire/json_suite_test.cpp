// JSONTestSuite (N. Seriot, MIT) where it is at hand beside the source tree.

#include <filesystem>
#include <fstream>
#include <iterator>

#include "decoding.h"

using namespace vitals;
using namespace vitals::test;

namespace {

std::filesystem::path suite_folder() {
  return VITALS_ROOT "/../shared/tools/reliability/data/json/test_parsing";
}

std::string content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// In an unknown field, so that only JSON's grammar can be the cause of a refusal.
std::string wrapped(const std::string& json) { return R"({"prompt":"p","unknown":)" + json + "}"; }

}  // namespace

TEST_CASE("JSONTestSuite: everything malformed is refused, everything valid taken") {
  if (!std::filesystem::exists(suite_folder())) {
    WARN("skipped: JSONTestSuite is not at ../shared/tools/reliability/data/json");
    return;
  }
  int refused = 0, accepted = 0;
  for (const auto& entry : std::filesystem::directory_iterator(suite_folder())) {
    const std::string name = entry.path().filename().string();
    const std::string json = content_of(entry.path());
    CAPTURE(name);
    const wire::Decoded bare = decode(json);
    const wire::Decoded array = decode("[" + wrapped("0") + "," + wrapped(json) + "]");
    const wire::Decoded inside = decode(wrapped(json));
    if (name[0] == 'n') {
      CHECK(bare.batch.empty());
      CHECK(bare.rejected >= 1);
      CHECK(inside.broken);
      CHECK(array.broken);
      CHECK(array.batch.empty());
      ++refused;
    } else if (name[0] == 'y') {
      CHECK(inside.batch.rows() == 1);
      CHECK(array.batch.rows() == 2);
      ++accepted;
    } else {  // either will do, but not both
      CHECK(inside.batch.rows() + inside.rejected == 1);
      CHECK(array.broken == inside.broken);
    }
  }
  CHECK(refused >= 188);
  CHECK(accepted >= 95);
}
