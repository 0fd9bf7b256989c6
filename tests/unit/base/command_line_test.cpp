#include <catch2/catch.hpp>

#include <vitals/base/command_line.h>
#include <vitals/base/nearest.h>

using namespace vitals;

TEST_CASE("edit distance counts inserts, deletes, replacements and swaps") {
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("abc", "abc") == 0);
  CHECK(edit_distance("recievers", "receivers") == 1);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(nearest("recievers", {"rules", "receivers", "routes"}) == "receivers");
  CHECK(nearest("banana", {"rules", "receivers", "routes"}).empty());
}

TEST_CASE("what a command line has too much is named in order, with what was meant") {
  const std::vector<std::string> options{"--listen", "--data-dir", "--window"};
  CHECK(unexpected_text({"--lissten", "x"}, options, {}) ==
        "unknown option --lissten; did you mean --listen?\n");
  CHECK(unexpected_text({"--windo=5m", "--zzz", "1:2", "--dat-dir", "-x"}, options, {}) ==
        "unknown option --windo; did you mean --window?\n"
        "unknown option --zzz\n"
        "unknown option --dat-dir; did you mean --data-dir?\n"
        "unknown option -x\n");
  CHECK(unexpected_text({"more", "--zzz=1", "again"}, options, {}) ==
        "unexpected argument 'more'\n"
        "unknown option --zzz\n"
        "unexpected argument 'again'\n");
  CHECK(unexpected_text({"statu"}, options, {"status", "query"}) ==
        "unknown command 'statu'; did you mean 'status'?\n");
  CHECK(unexpected_text({}, options, {}).empty());
}
