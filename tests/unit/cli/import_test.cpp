#include <fstream>

#include <catch2/catch.hpp>
#include <zlib.h>

#include <vitals/cli/cli.h>

#include "cli/line_source.h"
#include "recorded_client.h"
#include "support/temp_folder.h"

using namespace vitals;
using namespace vitals::cli;
using vitals::test::CommandRig;

namespace {

std::string write(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

std::string write_gz(const std::string& path, const std::string& text) {
  gzFile file = gzopen(path.c_str(), "wb");
  REQUIRE(gzwrite(file, text.data(), static_cast<unsigned>(text.size())) ==
          static_cast<int>(text.size()));
  gzclose(file);
  return path;
}

std::vector<std::string> lines_of(const std::string& path) {
  auto source = LineSource::open(path);
  REQUIRE(source.ok());
  std::vector<std::string> lines;
  std::string line;
  for (auto more = source->next(line); more && *more; more = source->next(line)) {
    lines.push_back(line);
  }
  return lines;
}

std::string numbered_lines(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "{\"n\":" + std::to_string(i) + "}\n";
  return text;
}

std::string receipt(int accepted, int duplicates, int rejected, const std::string& errors = "") {
  return "{\"accepted\":" + std::to_string(accepted) +
         ",\"duplicates\":" + std::to_string(duplicates) +
         ",\"rejected\":" + std::to_string(rejected) + ",\"errors\":[" + errors + "]}";
}

}  // namespace

TEST_CASE("lines are read from plain and gzip files alike") {
  const test::TempFolder folder;
  const std::string text = "one\r\n\ntwo" + std::string(600'000, 'x') + "\nlast";
  const std::vector<std::string> expected{"one", "", "two" + std::string(600'000, 'x'), "last"};
  CHECK(lines_of(write(folder.file("a"), text)) == expected);
  CHECK(lines_of(write_gz(folder.file("a.gz"), text)) == expected);
  CHECK(lines_of(write(folder.file("empty"), "")).empty());
}

TEST_CASE("a gzip file that ends early is an error, not the end") {
  const test::TempFolder folder;
  const std::string path = write_gz(folder.file("a.gz"), numbered_lines(50'000));
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 20);
  auto source = LineSource::open(path);
  REQUIRE(source.ok());
  std::string line;
  auto more = source->next(line);
  while (more && *more) more = source->next(line);
  REQUIRE_FALSE(more.ok());
  CHECK(more.error().code == Errc::corruption);
}

TEST_CASE("missing files and folders are refused") {
  const test::TempFolder folder;
  CHECK(LineSource::open(folder.file("none")).error().code == Errc::not_found);
  CHECK(LineSource::open(folder.path().string()).error().code == Errc::invalid_argument);
}

TEST_CASE("batches end at their limits and know their first line") {
  const test::TempFolder folder;
  auto source = LineSource::open(write(folder.file("a"), numbered_lines(25'000)));
  REQUIRE(source.ok());
  LineBatch batch;
  std::vector<std::uint64_t> firsts;
  std::uint64_t lines = 0;
  for (auto more = read_batch(*source, batch); *more; more = read_batch(*source, batch)) {
    firsts.push_back(batch.first_line);
    lines += batch.lines;
  }
  CHECK(firsts == std::vector<std::uint64_t>{1, 10'001, 20'001});
  CHECK(lines == 25'000);
}

TEST_CASE("an import adds up its batches and names refused lines by file and line") {
  const test::TempFolder folder;
  CommandRig rig;
  const std::string file = write_gz(folder.file("a.ndjson.gz"), numbered_lines(10'003));
  rig.client.will_answer(200, receipt(9'999, 1, 0));
  rig.client.will_answer(200,
                         receipt(1, 0, 2, R"({"line":3,"field":"prompt","reason":"is required"})"));
  CHECK(import_files(rig.session, {{file}, true}) == kFailed);
  CHECK(rig.err.str() == file + ":10003: prompt: is required\n" + file +
                             ": 1 more refused among lines 10001 to 10003\n");
  CHECK(rig.out.str() == "10,000 accepted, 1 duplicates, 2 refused in 0 s\n");
  REQUIRE(rig.client.asked.size() == 2);
  CHECK(rig.client.asked[0].url == "http://127.0.0.1:8610/api/v1/executions?backfill=1");
  CHECK(rig.client.asked[1].body == "{\"n\":10000}\n{\"n\":10001}\n{\"n\":10002}\n");
}

TEST_CASE("a batch of which every line is refused does not stop the import") {
  const test::TempFolder folder;
  CommandRig rig;
  const std::string file = write(folder.file("a"), "x\n");
  rig.client.will_answer(400, receipt(0, 0, 1, R"({"line":1,"reason":"is no JSON"})"));
  CHECK(import_files(rig.session, {{file, file}, false}) == kUnreachable);
  CHECK(rig.err.str().find(file + ":1: is no JSON\n") == 0);
}

TEST_CASE("a busy daemon is waited for as long as it says") {
  const test::TempFolder folder;
  CommandRig rig;
  const std::string file = write(folder.file("a"), "{}\n");
  rig.client.will_answer(503, "{}", {{"retry-after", "7"}});
  rig.client.will_answer(429, "{}");
  rig.client.will_fail(Errc::unavailable);
  rig.client.will_answer(200, receipt(1, 0, 0));
  CHECK(import_files(rig.session, {{file}, false}) == kDone);
  CHECK(rig.waits == std::vector<DurationMs>{7'000, 1'000, 1'000});
  CHECK(rig.client.asked.back().body == "{}\n");
}

TEST_CASE("when the connection stays lost the import says where it stopped") {
  const test::TempFolder folder;
  CommandRig rig;
  const std::string file = write(folder.file("a"), numbered_lines(10'001));
  rig.client.will_answer(200, receipt(10'000, 0, 0));
  CHECK(import_files(rig.session, {{file}, false}) == kUnreachable);
  CHECK(rig.err.str().find(file + ": stopped before line 10001: no daemon answers") !=
        std::string::npos);
  CHECK(rig.err.str().find("Run the same import again") != std::string::npos);
  CHECK(rig.out.str().find("10,000 accepted") == 0);
}

TEST_CASE("a lost answer is asked for again only where ids keep lines from counting twice") {
  const test::TempFolder folder;
  const Errc code = GENERATE(Errc::io, Errc::deadline_exceeded);
  CommandRig with_ids;
  with_ids.client.will_fail(code);
  with_ids.client.will_answer(200, receipt(0, 1, 1));
  const std::string ids = write(folder.file("ids"), "{\"id\":\"a\"}\n\nno JSON\n");
  CHECK(import_files(with_ids.session, {{ids}, false}) == kFailed);
  CHECK(with_ids.client.asked.size() == 2);

  CommandRig without;
  without.client.will_fail(code);
  without.client.will_answer(200, receipt(2, 0, 0));
  const std::string none = write(folder.file("none"), "{\"id\":\"a\"}\n{\"prompt\":\"p\"}\n");
  CHECK(import_files(without.session, {{none}, false}) == kUnreachable);
  CHECK(without.client.asked.size() == 1);
  CHECK(without.err.str().find("stopped before line 1: the daemon's answer was lost") !=
        std::string::npos);
}

TEST_CASE("a huge line goes by itself, and alone is refused") {
  const test::TempFolder folder;
  CommandRig rig;
  const std::string almost_full(kBatchBytesMax - 10, 'a');
  const std::string huge(kBatchBytesMax * 2, 'b');
  const std::string file = write(folder.file("a"), almost_full + "\n" + huge + "\nlast\n");
  rig.client.will_answer(200, receipt(1, 0, 0));
  rig.client.will_answer(413, R"({"title":"Content Too Large"})");
  rig.client.will_answer(200, receipt(1, 0, 0));
  CHECK(import_files(rig.session, {{file}, false}) == kFailed);
  REQUIRE(rig.client.asked.size() == 3);
  CHECK(rig.client.asked[1].body == huge + "\n");
  CHECK(rig.client.asked[2].body == "last\n");
  CHECK(rig.err.str() == file + ":2: is longer than the daemon takes\n");
  CHECK(rig.out.str().find("2 accepted, 0 duplicates, 1 refused") == 0);
}
