#include <vitals/cli/cli.h>

int main(int argc, char** argv) { return vitals::cli::run(argc, argv); }
