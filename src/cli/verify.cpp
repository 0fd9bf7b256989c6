#include <ostream>

#include <nlohmann/json.hpp>

#include <vitals/cli/cli.h>

#include "data_folder.h"
#include "numbers.h"
#include "session.h"

namespace vitals::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string counted(std::uint64_t number) {
  return with_separators(static_cast<std::int64_t>(number));
}

Result<FolderCheck> check(const std::string& folder, const config::Config& config,
                          const Clock& clock) {
  auto opened = DataFolder::open(folder, config, clock, DataFolder::Mode::read);
  if (!opened) return std::move(opened).error();
  return opened->check();
}

Status mend(const std::string& folder, const config::Config& config, const Clock& clock,
            const FolderCheck& found) {
  auto opened = DataFolder::open(folder, config, clock, DataFolder::Mode::write);
  if (!opened) return std::move(opened).error();
  return opened->mend(found);
}

void show(const Session& session, const FolderCheck& found, std::uint64_t mended) {
  std::ostream& out = session.console.out;
  if (session.json) {
    out << Json{{"blocks", found.log.blocks},
                {"events", found.log.events},
                {"chunks", found.cells.chunks},
                {"cells", found.cells.cells},
                {"faults", found.faults},
                {"mended", mended},
                {"not_checked", found.cells.not_checked}}
        << '\n';
    return;
  }
  for (const std::string& fault : found.faults) {
    out << toned("fault", Tone::bad, session.console.color) << "  " << fault << '\n';
  }
  for (const std::string& each : found.cells.not_checked) out << "not checked  " << each << '\n';
  out << counted(found.log.events) << " events in " << counted(found.log.blocks) << " blocks, "
      << counted(found.cells.cells) << " cells from " << counted(found.cells.chunks)
      << " chunks checked: "
      << (found.faults.empty() ? "nothing is wrong" : counted(found.faults.size()) + " faults");
  if (mended > 0) out << ", " << counted(mended) << " mended";
  out << '\n';
}

}  // namespace

int verify(Session& session, const VerifyArguments& arguments) {
  if (arguments.rebuild && arguments.config.empty()) {
    return fail(session, {Errc::invalid_argument,
                          "--rebuild computes cells as the daemon would: give its --config"});
  }
  const auto config = config::load(
      arguments.config.empty() ? std::nullopt : std::optional<std::string>(arguments.config));
  if (!config) return fail(session, config.error());
  const std::string& folder = arguments.data_dir.empty() ? config->data_dir : arguments.data_dir;
  auto found = check(folder, *config, session.clock);
  if (!found) return fail(session, {Errc::io, found.error().message});
  std::uint64_t mended = 0;
  if (arguments.rebuild && !found->faults.empty()) {
    const std::size_t before = found->faults.size();
    for (const std::string& fault : found->faults)
      session.console.err << "found  " << fault << '\n';
    if (Status done = mend(folder, *config, session.clock, *found); !done) {
      return fail(session, {Errc::io, "it cannot be mended: " + done.error().message});
    }
    found = check(folder, *config, session.clock);
    if (!found) return fail(session, {Errc::io, found.error().message});
    mended = before - std::min(before, found->faults.size());
  }
  show(session, *found, mended);
  if (!found->faults.empty() && arguments.config.empty()) {
    session.console.err
        << "If the daemon has its own weights (metrics:) or dedup:, give its --config.\n";
  }
  return found->faults.empty() ? kDone : kFailed;
}

}  // namespace vitals::cli
