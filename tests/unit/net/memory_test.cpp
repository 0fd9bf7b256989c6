#include <catch2/catch.hpp>
#include <malloc.h>

#include <vitals/net/client.h>

#include "test_server.h"

using namespace vitals;
using test::TestServer;

namespace {

/// 0 under the sanitizers, whose allocator is another one.
std::uint64_t allocated_bytes() {
  const auto memory = ::mallinfo2();
  return memory.uordblks + memory.hblkhd;
}

}  // namespace

TEST_CASE("an idle connection holds no memory of the long answer it has given") {
  constexpr std::size_t kLong = 24 << 20;
  TestServer server([](net::Request request, net::Respond respond) {
    const std::size_t bytes = request.path == "/long" ? kLong : 1;
    respond({200, "application/octet-stream", std::string(bytes, 'x'), {}});
  });
  const auto client = net::make_client();
  const auto length_of = [&](const char* path) {
    net::ClientRequest request;
    request.url = server.url(path);
    const auto answer = client->call(request);
    REQUIRE(answer);
    return answer->body.size();
  };
  // The second answer on the same connection comes once the server is done with the first.
  CHECK(length_of("/short") == 1);
  const std::uint64_t before = allocated_bytes();
  CHECK(length_of("/long") == kLong);
  CHECK(length_of("/short") == 1);
  CHECK(allocated_bytes() < before + kLong / 2);
}
