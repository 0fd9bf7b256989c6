#include "signs.h"

#include <utility>

namespace vitals::query {

void SignFinder::find(std::span<const Moment> session, bool over, const Tell& tell) {
  for (const Moment& moment : session) {
    if (!moment.is_execution()) continue;
    const Moment* before = std::exchange(last_[moment.prompt], &moment);
    if (before == nullptr || before->session != moment.session) continue;
    // What began earlier, or ended at once with it, ran beside it: nobody knew how that would end.
    const DurationMs after = moment.began_ms - before->time_ms;
    if (after < 0 || after > retry_within_ms_ || moment.time_ms == before->time_ms) continue;
    tell(*before, before->failed ? &Signs::retry : &Signs::repeat);
  }
  if (over && session.back().failed) tell(session.back(), &Signs::abandon);
}

}  // namespace vitals::query
