#include <vitals/base/build_info.h>

namespace vitals {

BuildInfo build_info() {
  return {VITALS_VERSION, VITALS_COMMIT, VITALS_COMPILER, VITALS_BUILD_TYPE};
}

}  // namespace vitals
