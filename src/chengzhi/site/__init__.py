"""Settings, addresses, frame pages, errors to HTTP and the command line."""
