#pragma once

namespace vitals::cli {

/// Exit statuses of vitalsctl.
inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;       ///< the daemon refused, or some lines of an import
inline constexpr int kUsage = 2;        ///< the command line is wrong
inline constexpr int kUnreachable = 3;  ///< no daemon answers
inline constexpr int kMissed = 4;       ///< `compliance`: a benchmark is missed
inline constexpr int kUndecided = 5;    ///< `compliance`: too little is known to decide

/// vitalsctl: talks to a vitalsd over HTTP.
int run(int argc, char** argv);

}  // namespace vitals::cli
