# Libraries, each explained in docs/decisions/dependencies.md. HDF5 by its serial name, never by `hdf5` alone:
# installing an MPI build flips that name machine-wide.
find_package(PkgConfig REQUIRED)
find_package(OpenMP REQUIRED COMPONENTS C)
find_package(ZLIB REQUIRED)
pkg_check_modules(GSL REQUIRED IMPORTED_TARGET gsl)
pkg_check_modules(YAML REQUIRED IMPORTED_TARGET yaml-0.1)
pkg_check_modules(NETTLE REQUIRED IMPORTED_TARGET nettle)
pkg_check_modules(MUPARSER REQUIRED IMPORTED_TARGET muparser)
pkg_check_modules(HDF5 REQUIRED IMPORTED_TARGET hdf5-serial)

add_library(goodwill_dependencies INTERFACE)
target_link_libraries(goodwill_dependencies INTERFACE OpenMP::OpenMP_C PkgConfig::GSL PkgConfig::YAML
                      PkgConfig::NETTLE PkgConfig::MUPARSER PkgConfig::HDF5 hdf5_serial_hl ZLIB::ZLIB m)
