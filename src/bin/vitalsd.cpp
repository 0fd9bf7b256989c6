#include <vitals/app/vitalsd.h>

int main(int argc, char** argv) { return vitals::app::run_vitalsd(argc, argv); }
