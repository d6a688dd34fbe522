"""What a class needs beside the library."""
