// SPDX-License-Identifier: Apache-2.0
// Catch2 version 2 and version 3 through one header. Link the library that carries main (Catch2WithMain), or define
// CATCH_CONFIG_MAIN in exactly one file before including this one (version 2 only).
#ifndef ASSAY_TESTS_CATCH_HPP
#define ASSAY_TESTS_CATCH_HPP

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#elif __has_include(<catch2/catch.hpp>)
#include <catch2/catch.hpp>
#else
#error "Catch2 was not found: install version 2 or version 3"
#endif

#endif  // ASSAY_TESTS_CATCH_HPP
