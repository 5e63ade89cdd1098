// The one main() that all test programs share, compiled once.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
