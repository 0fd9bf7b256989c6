// The first byte chooses how the rest is cut into reads. However it is cut, the same requests must
// come out, and nothing may be read after a refusal.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <vector>

#include "net/request_reader.h"

using namespace vitals;

namespace {

struct Seen {
  std::vector<net::Request> requests;
  int refused = 0;
};

void require(bool good) {
  if (!good) std::abort();
}

Seen read(std::string_view bytes, std::size_t piece) {
  Seen seen;
  net::RequestReader reader({1024, 4096});
  while (true) {
    while (reader.state() == net::RequestReader::State::complete) {
      seen.requests.push_back(reader.take());
      require(seen.requests.back().path.front() == '/');
      require(seen.requests.back().body.size() <= 4096);
      reader.go_on();
    }
    if (reader.state() == net::RequestReader::State::refused) {
      seen.refused = reader.refusal().status;
      require(seen.refused >= 400 && !reader.keep_alive());
      return seen;
    }
    if (bytes.empty()) return seen;
    const auto space = reader.space();
    require(!space.empty());
    const std::size_t count = std::min({piece, space.size(), bytes.size()});
    std::memcpy(space.data(), bytes.data(), count);
    bytes.remove_prefix(count);
    reader.received(count);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Seen cut = read(bytes, std::size_t{data[0]} + 1);
  const Seen whole = read(bytes, bytes.size());
  require(cut.requests.size() == whole.requests.size());
  require((cut.refused == 0) == (whole.refused == 0));
  for (std::size_t i = 0; i < cut.requests.size(); ++i) {
    const net::Request& a = cut.requests[i];
    const net::Request& b = whole.requests[i];
    require(a.method == b.method && a.path == b.path && a.segments == b.segments);
    require(a.query == b.query && a.headers == b.headers && a.body == b.body);
  }
  return 0;
}
