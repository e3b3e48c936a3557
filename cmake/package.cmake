# SPDX-License-Identifier: Apache-2.0
# What `cmake --install` puts where, and the Debian package that cpack makes of it.
#
#   bin/assay                     the command; it finds its sources in ../share/assay
#   lib/libassay_*.a, .so         model, functional, cosim (engine and npu target), dpi
#   include/assay/…               public headers under the names that the sources use: "model/tile/tile.hpp"
#   include/assay_dpi.h           the C interface of libassay_dpi
#   lib/cmake/assay, pkgconfig    find_package(assay COMPONENTS model cosim dpi), pkg-config assay-model, assay-cosim, assay-dpi
#   share/assay/                  rtl/, tb/, vectors/, docs/schemas/ and what builds, checks and proves them
include(GNUInstallDirs)
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)  # cpack packs what is built, it does not build the tests
include(CMakePackageConfigHelpers)

# Debian's lib/x86_64-linux-gnu and a plain lib are both found by the config files, which know their own place.
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/assay)

set_target_properties(assay_model PROPERTIES EXPORT_NAME model)
set_target_properties(assay_functional PROPERTIES EXPORT_NAME functional)
set_target_properties(assay_cosim PROPERTIES EXPORT_NAME cosim)
set_target_properties(assay_npu PROPERTIES EXPORT_NAME npu)
set_target_properties(assay_dpi PROPERTIES EXPORT_NAME dpi)

set_target_properties(assay_coverage PROPERTIES EXPORT_NAME coverage)

set(cosim_targets assay_cosim assay_coverage assay_npu)
if(TARGET assay_fst)
  list(APPEND cosim_targets assay_fst)
endif()
install(TARGETS assay_flags assay_model assay_functional EXPORT assay-model ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS ${cosim_targets} EXPORT assay-cosim ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS assay_dpi EXPORT assay-dpi LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS assay RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
file(RELATIVE_PATH pc_up /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
foreach(component model cosim dpi)
  install(EXPORT assay-${component} NAMESPACE assay:: DESTINATION ${package_dir})
  configure_file(cmake/assay-${component}.pc.in ${PROJECT_BINARY_DIR}/assay-${component}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/assay-${component}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endforeach()
configure_package_config_file(cmake/assay-config.cmake.in ${PROJECT_BINARY_DIR}/assay-config.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/assay-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/assay-config.cmake ${PROJECT_BINARY_DIR}/assay-config-version.cmake DESTINATION ${package_dir})

install(DIRECTORY model DESTINATION include/assay FILES_MATCHING PATTERN "*.hpp")
foreach(folder common engine npu waves)
  install(DIRECTORY cosim/${folder} DESTINATION include/assay/cosim FILES_MATCHING PATTERN "*.hpp" PATTERN "dut_abi.h")
endforeach()
install(FILES cosim/dpi/assay_dpi.h DESTINATION include)

install(DIRECTORY rtl tb vectors DESTINATION share/assay)
install(DIRECTORY docs/schemas DESTINATION share/assay/docs)
install(FILES docs/spec.md docs/dpi.md DESTINATION share/assay/docs)
# what `assay prove` reads: the specification, the prover, and the model's own templates beside the RTL
install(DIRECTORY docs/spec.smt2 DESTINATION share/assay/docs)
install(DIRECTORY scripts/prove DESTINATION share/assay/scripts PATTERN "__pycache__" EXCLUDE)
install(DIRECTORY model DESTINATION share/assay FILES_MATCHING PATTERN "*.hpp")
install(FILES cosim/npu/rtl_map.yaml cosim/npu/dut_abi.h DESTINATION share/assay/cosim/npu)
install(FILES cosim/dpi/assay_dpi_pkg.sv DESTINATION share/assay/cosim/dpi)
install(FILES LICENSE Makefile.sim DESTINATION share/assay)
if(EXISTS ${PROJECT_SOURCE_DIR}/examples)
  install(DIRECTORY examples DESTINATION share/assay)
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME assay)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "golden model and lockstep checker of an ML accelerator tile")
set(CPACK_PACKAGE_CONTACT "Assay developers <assay@localhost>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libc6, libstdc++6, libgcc-s1, libyaml-cpp0.7, libspdlog1.10, libfmt9, libzstd1, zlib1g, libsqlite3-0")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "verilator, make, g++, ccache")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "clang-19, gtkwave, yosys, cadical, python3-z3, libyaml-cpp-dev, libzstd-dev, zlib1g-dev")
include(CPack)
