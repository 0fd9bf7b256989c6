#include "signs.h"

namespace vitals::query {

void SignFinder::find(std::span<const Moment> session, bool over, const Tell& tell) {
  unfollowed_.clear();
  for (const Moment& moment : session) {
    if (!moment.is_execution()) continue;
    std::deque<const Moment*>& before = unfollowed_[moment.prompt];
    // What ended after it began, or at once with it, ran beside it: nobody knew how that would end.
    while (!before.empty() && before.front()->time_ms <= moment.began_ms &&
           before.front()->time_ms < moment.time_ms) {
      const Moment& last = *before.front();
      before.pop_front();
      if (moment.began_ms - last.time_ms > retry_within_ms_) continue;
      tell(last, last.failed ? &Signs::retry : &Signs::repeat);
    }
    before.push_back(&moment);
  }
  if (over && session.back().failed) tell(session.back(), &Signs::abandon);
}

}  // namespace vitals::query
